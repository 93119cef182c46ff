import { revealAll } from '../../src/base/secrets/secrets.ts';

// Test files share their modules: what one hides would be hidden from the next.
revealAll();
