import { expect, it, describe } from 'vitest';
import { logicalRequests } from '../../src/evidence/logical-requests.ts';
import { attempt } from './given.ts';

describe('logical requests', () => {
  it('are what arrivals came to over their attempts, from the first intended start to the first good answer', () => {
    const requests = logicalRequests([
      attempt({ arrival: 1, intendedUs: 0, endedUs: 900, outcome: 'shed' }),
      attempt({ arrival: 2, intendedUs: 10, endedUs: 500 }),
      attempt({ arrival: 1, attempt: 2, intendedUs: 1000, endedUs: 1900, outcome: 'pool_timeout' }),
      attempt({ arrival: 1, attempt: 3, intendedUs: 2000, endedUs: 2900, outcome: 'ok' }),
    ]);
    expect(requests).toMatchObject([
      { arrival: 1, intendedUs: 0, attempts: 3, firstOutcome: 'shed', okUs: 2900, endedUs: 2900 },
      { arrival: 2, attempts: 1, firstOutcome: 'ok', okUs: 500 },
    ]);
  });

  it('have no good answer where no attempt had one, and no end while one is open', () => {
    const [request] = logicalRequests([
      attempt({ arrival: 1, endedUs: 900, outcome: 'shed' }),
      attempt({ arrival: 1, attempt: 2, endedUs: null, outcome: 'unfinished' }),
    ]);
    expect(request).toMatchObject({ okUs: Infinity, endedUs: null, attempts: 2 });
  });

  it('have no end while the first attempt is open, and end with the last of all', () => {
    const requests = logicalRequests([
      attempt({ arrival: 1, endedUs: null, outcome: 'unfinished' }),
      attempt({ arrival: 2, endedUs: 5000, outcome: 'client_timeout' }),
      attempt({ arrival: 1, attempt: 2, endedUs: 900, outcome: 'shed' }),
      attempt({ arrival: 2, attempt: 2, endedUs: 900, outcome: 'shed' }),
    ]);
    expect(requests).toMatchObject([{ endedUs: null }, { endedUs: 5000 }]);
  });

  it('leave out what was never sent: a dropped arrival is none, a dropped retry no attempt', () => {
    const requests = logicalRequests([
      attempt({ arrival: 1, endedUs: null, outcome: 'dropped' }),
      attempt({ arrival: 2, endedUs: 900, outcome: 'shed' }),
      attempt({ arrival: 2, attempt: 2, endedUs: null, outcome: 'dropped' }),
      attempt({ arrival: 3, attempt: 2 }),
    ]);
    expect(requests).toMatchObject([{ arrival: 2, attempts: 1, endedUs: 900 }]);
  });
});
