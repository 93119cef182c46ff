import { describe, expect, it } from 'vitest';
import { makeSessionOwner, placesAsked } from '../../src/contract/session-owner.ts';

const session = { role: 'shop', applicationName: 'api', database: 'shop' };

describe('whose a session is', () => {
  it('is told by every field that the contract gives', () => {
    const ownerOf = makeSessionOwner([{ name: 'api', match: { role: 'shop', applicationName: 'api' } }]);
    expect(ownerOf(session)).toBe('api');
    expect(ownerOf({ ...session, applicationName: 'psql' })).toBeNull();
    expect(ownerOf({ ...session, role: 'admin' })).toBeNull();
  });

  it('is told by application_name or database alone, too', () => {
    expect(makeSessionOwner([{ name: 'api', match: { applicationName: 'api' } }])(session)).toBe('api');
    const byDatabase = makeSessionOwner([{ name: 'api', match: { database: 'shop' } }]);
    expect(byDatabase(session)).toBe('api');
    expect(byDatabase({ ...session, database: 'other' })).toBeNull();
  });

  it('is told by where it comes from, an address or a range of them', () => {
    const ownerOf = makeSessionOwner([
      { name: 'api', match: { clientAddress: '10.8.0.0/28' } },
      { name: 'batch', match: { clientAddress: '10.8.0.9' } },
      { name: 'six', match: { clientAddress: 'fd00::/8' } },
    ]);
    const from = (clientAddress: string | null) => ownerOf({ ...session, clientAddress });
    expect(from('10.8.0.15')).toBe('api');
    expect(from('10.8.0.16')).toBeNull();
    expect(from('fd12:3456::1')).toBe('six');
    expect(from(null)).toBeNull();
  });

  it('needs only what some contract gives to be looked up', () => {
    const byRole = { name: 'api', match: { role: 'api' } };
    expect(placesAsked([byRole])).toEqual([]);
    const byAddress = { name: 'batch', match: { role: 'shop', clientAddress: '10.8.0.9' } };
    expect(placesAsked([byRole, byAddress])).toEqual(['clientAddress']);
  });

  it('is the service whose match says most, and nobody where none fits', () => {
    const ownerOf = makeSessionOwner([
      { name: 'shop', match: { role: 'shop' } },
      { name: 'worker', match: { role: 'shop', applicationName: 'worker' } },
      { name: 'silent', match: {} },
    ]);
    expect(ownerOf({ ...session, applicationName: 'worker' })).toBe('worker');
    expect(ownerOf(session)).toBe('shop');
    expect(ownerOf({ ...session, role: 'other' })).toBeNull();
  });

  it('is told by all four fields together, each of which must agree', () => {
    const match = { role: 'shop', applicationName: 'api', database: 'shop', clientAddress: '10.8.0.9' };
    const ownerOf = makeSessionOwner([{ name: 'api', match }]);
    const whole = { ...session, clientAddress: '10.8.0.9' };
    expect(ownerOf(whole)).toBe('api');
    for (const other of [
      { role: 'x' },
      { applicationName: 'x' },
      { database: 'x' },
      { clientAddress: '10.8.0.8' },
      { clientAddress: null },
    ])
      expect(ownerOf({ ...whole, ...other })).toBeNull();
    expect(placesAsked([{ name: 'api', match }])).toEqual(['database', 'clientAddress']);
  });

  it("is never a service's where it is the harness's own, whatever role it had to use", () => {
    const ownerOf = makeSessionOwner([{ name: 'shop', match: { role: 'shop' } }]);
    expect(ownerOf({ ...session, applicationName: 'poolproof' })).toBeNull();
  });
});
