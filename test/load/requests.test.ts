import { describe, expect, it } from 'vitest';
import { compileRequests } from '../../src/load/requests.ts';
import { route } from '../plan/scenario.ts';

describe('the request of an arrival', () => {
  const order = route('order', {
    method: 'POST',
    path: '/orders/${rand_int(1,1000)}?n=${seq}',
    headers: { 'content-type': 'application/json' },
    body: '{"sku":"${uuid}"}',
  });

  it('is the same every time and another for another arrival or seed', () => {
    const [make] = compileRequests([order], 1);
    const [other] = compileRequests([order], 2);
    expect(make!(17)).toEqual(make!(17));
    expect(make!(17).body).not.toBe(make!(18).body);
    expect(make!(17).body).not.toBe(other!(17).body);
    expect(make!(17).path).toMatch(/^\/orders\/\d+\?n=17$/);
  });

  it('says who sends it, unless the scenario says otherwise', () => {
    const [make] = compileRequests([order], 1);
    expect(make!(0).headers).toEqual(['content-type', 'application/json', 'user-agent', 'poolproof']);
    const [named] = compileRequests([{ ...order, headers: { 'User-Agent': 'me' } }], 1);
    expect(named!(0).headers).toEqual(['User-Agent', 'me']);
  });

  it('has no body where the route has none', () => {
    const [make] = compileRequests([route('read')], 1);
    expect(make!(0).body).toBeNull();
  });
});
