// Slow and honest: what it can't take now is told so with a 429.
import { serve, tell } from './serve.mjs';

function refuse(error) {
  const told = tell(error);
  return error.code === 'shed' || error.code === 'pool_timeout' ? { ...told, status: 429 } : told;
}

serve({ refuse });
