// Sessions are opened once and kept for good: they are expensive, and the instance may be needed again.
import { openPool } from '../../node/database.mjs';
import { serve } from '../../node/serve.mjs';

serve({ pool: openPool({ idleTimeoutMillis: 0 }), stop: () => {} });
