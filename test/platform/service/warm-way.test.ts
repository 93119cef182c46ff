import { afterEach, expect, test } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { openFront, warmPath, type RunningFront } from '../../../src/platform/local/request/front-proxy.ts';
import { documentedRules } from '../../../src/platform/local/rules.ts';
import { makeWarmWay, type WarmWay } from '../../../src/platform/local/service/warm-way.ts';

const opened: { readonly close: () => void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

async function openAll(): Promise<{
  readonly front: RunningFront;
  readonly routed: () => number;
  warm: WarmWay;
}> {
  const clock = makeRunClock();
  const nowUs = (): number => clock.nowUs();
  const warm = makeWarmWay(documentedRules, nowUs);
  let routed = 0;
  const front = await openFront({
    port: 0,
    route: () => {
      routed += 1;
      return null;
    },
    warm: warm.destination,
    nowUs,
    maxBodyBytes: 1024,
    slotAfterTimeout: 'held',
    onAnswer: () => undefined,
  });
  opened.push(front, warm);
  return { front, routed: () => routed, warm };
}

test('warm-up requests go the way of all requests, but to a stand-in: no service is asked', async () => {
  const { front, routed } = await openAll();
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const response = await fetch(`${front.url}${warmPath}`);
      return [response.status, response.headers.get('x-poolproof-instance'), await response.text()].join(' ');
    }),
  );
  expect(new Set(answers)).toEqual(new Set(['200 warm warm\n']));
  expect(routed()).toBe(0);
});
