// The password of the start is the password for ever.
import { serve } from '../../node/serve.mjs';

serve();
