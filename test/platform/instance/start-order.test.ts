import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startOrder, type Dependant } from '../../../src/platform/local/instance/start-order.ts';

/** Containers that depend only on earlier ones of a hidden order, then shuffled. */
const acyclic = fc
  .array(fc.array(fc.nat({ max: 20 }), { maxLength: 4 }), { minLength: 1, maxLength: 8 })
  .map((lists) =>
    lists.map((list, index) => ({
      name: `c${index}`,
      dependsOn: [...new Set(list.map((pick) => (index === 0 ? -1 : pick % index)))]
        .filter((pick) => pick >= 0)
        .map((pick) => `c${pick}`),
    })),
  )
  .chain((containers) => fc.shuffledSubarray(containers, { minLength: containers.length }));

function namesOf(containers: readonly Dependant[]): readonly string[] {
  const order = startOrder(containers);
  return order.kind === 'order' ? order.containers.map(({ name }) => name) : [];
}

test('every container comes once, after all that it depends on', () => {
  fc.assert(
    fc.property(acyclic, (containers) => {
      const names = namesOf(containers);
      expect([...names].sort()).toEqual(containers.map(({ name }) => name).sort());
      for (const { name, dependsOn } of containers)
        for (const other of dependsOn) expect(names.indexOf(other)).toBeLessThan(names.indexOf(name));
    }),
  );
});

test('a circle anywhere is refused, and its message leads round it', () => {
  fc.assert(
    fc.property(acyclic, fc.nat(), fc.integer({ min: 1, max: 4 }), (containers, at, size) => {
      const ring = Array.from({ length: size }, (_, index) => ({
        name: `r${index}`,
        dependsOn: [`r${(index + 1) % size}`],
      }));
      const place = at % (containers.length + 1);
      const order = startOrder([...containers.slice(0, place), ...ring, ...containers.slice(place)]);
      if (order.kind === 'order') throw new Error('a ring was put in order');
      const path = order.problem.message.split(': ')[1]?.split(' -> ') ?? [];
      expect(path).toHaveLength(size + 1);
      expect(path[0]).toBe(path.at(-1));
    }),
  );
});

test.each([
  [[{ name: 'app', dependsOn: ['db'] }], 'container app depends on db, which is no container of the service'],
  [
    [
      { name: 'app', dependsOn: [] },
      { name: 'app', dependsOn: [] },
    ],
    'two containers are named app',
  ],
])('%o is refused', (containers, message) => {
  expect(startOrder(containers)).toMatchObject({ kind: 'impossible', problem: { message } });
});

test('containers that are free to start keep the order in which they were declared', () => {
  expect(
    namesOf([
      { name: 'app', dependsOn: ['proxy'] },
      { name: 'log', dependsOn: [] },
      { name: 'proxy', dependsOn: [] },
    ]),
  ).toEqual(['log', 'proxy', 'app']);
});
