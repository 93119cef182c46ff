import { expect, test } from 'vitest';
import type { Applied } from '../../src/chaos/fault-action.ts';
import type { ProbedLink } from '../../src/chaos/fault-target.ts';
import { applyFault } from '../../src/chaos/faults/faults.ts';
import type { RunEvent } from '../../src/evidence/event.ts';
import type { LinkAnswer } from '../../src/link/probe-link.ts';
import type { Fault } from '../../src/scenario/chaos/faults.ts';
import { MemoryTarget } from './memory-target.ts';
import { withoutDatabase } from './without-database.ts';

const apply = (fault: Fault, target: MemoryTarget): Promise<Applied> =>
  applyFault(fault, { ...withoutDatabase(), target, step: '1', service: 'api', forMs: null, sinceUs: 100 });

const link = (answer: LinkAnswer): ProbedLink => ({ instance: 'i1', answer });
const answered = (tookMs: number): ProbedLink => link({ kind: 'answered', tookMs });
const silent = link({ kind: 'silent' });
const refused = link({ kind: 'refused', code: 'ECONNREFUSED' });

test.each<readonly [Fault, object, object | null]>([
  [{ kind: 'db.latency', delayMs: 50 }, { latencyMs: 50 }, { latencyMs: 0 }],
  [
    { kind: 'db.jitter', delayMs: 50, spreadMs: 20 },
    { jitter: { delayMs: 50, spreadMs: 20 } },
    { jitter: null },
  ],
  [{ kind: 'db.bandwidth', bytesPerSec: 1000 }, { bytesPerSec: 1000 }, { bytesPerSec: null }],
  [{ kind: 'db.blackhole' }, { blackhole: true }, { blackhole: false }],
  [{ kind: 'db.refuse' }, { refuse: true }, { refuse: false }],
])('%o sets one thing of the links and puts it back', async (fault, change, back) => {
  const target = new MemoryTarget();
  const { detail, undo } = await apply(fault, target);
  expect(detail).toMatch(/^db\.\w+: turned link.*open/);
  await undo?.();
  expect(target.knobs).toEqual([
    { knob: 'link', change },
    { knob: 'link', change: back },
  ]);
});

test.each<readonly [Fault, readonly ProbedLink[], readonly ProbedLink[]]>([
  [{ kind: 'db.latency', delayMs: 50 }, [answered(60), answered(49)], [answered(60), answered(50)]],
  [{ kind: 'db.latency', delayMs: 50 }, [silent], [answered(51)]],
  [
    { kind: 'db.jitter', delayMs: 50, spreadMs: 20 },
    [answered(29), answered(60)],
    [answered(31), answered(60)],
  ],
  [{ kind: 'db.jitter', delayMs: 50, spreadMs: 20 }, [answered(31), answered(32)], [answered(70)]],
  [{ kind: 'db.blackhole' }, [silent, answered(1)], [silent, silent]],
  [{ kind: 'db.blackhole' }, [refused], [silent]],
  [{ kind: 'db.refuse' }, [refused, silent], [refused, refused]],
])('%o is confirmed by how all links answer: not %o, but %o', async (fault, other, own) => {
  const target = new MemoryTarget();
  const { confirm } = await apply(fault, target);
  expect(await confirm?.()).toBeNull();
  target.links = other;
  expect(await confirm?.()).toBeNull();
  target.links = own;
  expect(await confirm?.()).toEqual(expect.any(String));
});

test('a reset is confirmed by connections that ended at that moment, and has nothing to undo', async () => {
  const target = new MemoryTarget();
  const { confirm, undo } = await apply({ kind: 'db.reset' }, target);
  expect(target.knobs).toEqual([{ knob: 'reset_links' }]);
  expect(undo).toBeNull();
  const close = (t_us: number): RunEvent => ({
    t_us,
    kind: 'link',
    service: 'api',
    revision: 'api-1',
    instance: 'i1',
    what: 'close',
    port: 1,
  });
  target.events.push(close(600_000));
  expect(await confirm?.()).toBeNull();
  target.events.push(close(200), close(300));
  expect(await confirm?.()).toBe('2 connections ended at once');
});
