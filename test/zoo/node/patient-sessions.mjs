// What ends is opened anew after a second or two, never all at once.
import { openSessions } from './fixed-sessions.mjs';
import { serve } from './serve.mjs';

serve({ lend: openSessions(() => 1000 + 1000 * Math.random()) });
