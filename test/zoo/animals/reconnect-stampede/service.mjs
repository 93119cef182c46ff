// What ends is opened anew at once, and again at once when that fails: nobody waits, and nobody is spread out.
import { openSessions } from '../../node/fixed-sessions.mjs';
import { serve } from '../../node/serve.mjs';

serve({ lend: openSessions(() => 5) });
