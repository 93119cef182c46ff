import type { FaultAction } from '../fault-action.ts';

/** A rollout under load. Confirmed when the platform routes traffic to the new revision and it has an instance. */
export const revisionDeploy: FaultAction<'revision.deploy'> = {
  kind: 'revision.deploy',
  apply: async (fault, { target, service }) => {
    const { kind, ...change } = fault;
    const before = await target.snapshot(service);
    const { revision } = await target.deploy(service, change).catch(async (error: unknown) => {
      // The old revision serves on, but the next one would be made from the template that failed.
      if (!target.disposable) await before.restore(['template', 'traffic']);
      throw error;
    });
    return {
      detail: `${kind}: ${revision} serves${describe(fault)}`,
      confirm: async () => {
        const { traffic, revisions } = await target.look(service);
        const percent = sum(traffic.filter((line) => line.revision === revision).map((line) => line.percent));
        const instances = revisions.find(({ name }) => name === revision)?.instances ?? null;
        if (percent === 0 || instances === 0) return null;
        return `${revision} has ${percent} % of the traffic${instances === null ? '' : ` and ${instances} instances`}`;
      },
      undo: async () => {
        await before.restore(['template', 'traffic']);
        return `${service}: the template and the traffic are what they were before ${revision}`;
      },
    };
  },
};

function describe({ env, minInstances, maxInstances, concurrency }: Change): string {
  const said = [
    ...Object.keys(env).map((name) => `${name} set`),
    ...(minInstances === undefined ? [] : [`min ${minInstances}`]),
    ...(maxInstances === undefined ? [] : [`max ${maxInstances}`]),
    ...(concurrency === undefined ? [] : [`concurrency ${concurrency}`]),
  ];
  return said.length === 0 ? '' : ` (${said.join(', ')})`;
}

type Change = Parameters<(typeof revisionDeploy)['apply']>[0];

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
