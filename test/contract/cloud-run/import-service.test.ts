import { expect, test } from 'vitest';
import { loadYaml } from '../../../src/base/load-yaml.ts';
import { claimOf } from '../../../src/contract/budget.ts';
import { importService, type ServiceImport } from '../../../src/contract/cloud-run/import-service.ts';
import { loadContract } from '../../../src/contract/load-contract.ts';
import { fixture, problemsOf } from '../../scenario/problems.ts';
import { safeService } from '../service.ts';

const file = (name: string) => fixture('contract', name);

async function imported(name: string): Promise<ServiceImport> {
  const result = importService(await loadYaml(file(name)));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

const settings = ({ settings: given }: ServiceImport) =>
  Object.fromEntries([...given].map(([key, { value }]) => [key, value]));

test('the safe profile declares its whole contract', async () => {
  const { services, assumed } = await loadContract(file('service-safe.yaml'));
  expect(services).toEqual([safeService]);
  expect(assumed).not.toContain('api.acquire_timeout_ms');
});

test('the bad profile claims 750 sessions', async () => {
  const { services } = await loadContract(file('service-bad.yaml'));
  expect(services[0]).toMatchObject({
    maxInstances: 50,
    containerConcurrency: 80,
    requestTimeoutMs: 300_000,
  });
  expect(claimOf(services[0])).toBe(750);
});

test('of several containers the one with ports takes the requests', async () => {
  const service = await imported('service-sidecar.yaml');
  expect(service.name?.value).toBe('my-app');
  expect([...service.env.keys()]).toEqual(['DB_NAME', 'DB_USER']);
  expect(service.secrets.map(({ value }) => value)).toEqual(['db-password']);
  expect(service.warnings).toEqual([]);
});

test('a snippet that begins at the revision is read like a whole service', async () => {
  const service = await imported('service-snippet.yaml');
  expect(service.name).toBeUndefined();
  expect(settings(service)).toEqual({ container_concurrency: 80, request_timeout_seconds: 300 });
  expect(service.env.get('PGRST_DB_ANON_ROLE')?.value).toBe('my_api_postgrest_ro');
  expect(service.warnings).toEqual([
    'the volume postgrest_cert-gag-wuw-pon is not declared: nothing is mounted at /opt/vault/postgrest-cert.pem',
    'the volume postgrest_key-loq-poz-yiz is not declared: nothing is mounted at /opt/vault/postgrest-key.pem',
    'the volume pg_rootcert-ca_cert-nix-mij-poh is not declared: nothing is mounted at /opt/vault/rootcert.pem',
  ]);
});

test('a service-level cap bounds both revisions of a rollout together', async () => {
  const service = await imported('service-capped.yaml');
  expect(settings(service)).toEqual({ max_instances: 8, min_instances: 2 });
  // 12 over all, of which one revision may have 8: a rollout adds 4, half of a fleet.
  expect(service.impliedOverlap).toBe(0.5);
});

test('nothing that has no effect is passed over in silence', async () => {
  const { warnings = [] } = await loadContract(file('service-capped.yaml'));
  expect(warnings).toEqual([
    'spec.template.spec.containers.0.envFrom is not part of a Cloud Run service.yaml; it has no effect here',
    'run.googleapis.com/maxSacle is not known; it has no effect here',
    'autoscaling.knative.dev/target counts in the knative profile only',
    'run.googleapis.com/cpu-throttling has no effect on the emulator',
    "DB_STATEMENT_TIMEOUT_MS=0 switches it off: the contract's statement_timeout_ms is judged, and nothing enforces it",
    'service.yaml declares no timeoutSeconds, for which Cloud Run takes 300; 30 is assumed here',
  ]);
});

test('what is wrong in a service.yaml is said at once, with places', async () => {
  expect(await problemsOf(loadContract(file('service-wrong.yaml')))).toEqual([
    'service-wrong.yaml:9:43 autoscaling.knative.dev/maxScale: expected a whole number of at least 1, got "unlimited"',
    'service-wrong.yaml:10:43 autoscaling.knative.dev/minScale says 1, but autoscaling.knative.dev/min-scale at service-wrong.yaml:11:44 says 2',
    'service-wrong.yaml:13:7 unknown key "spec.template.spec.containerConcurency" (did you mean "containerConcurrency"?)',
    'service-wrong.yaml:16:9 containers: exactly one must declare ports, which makes it the one that takes requests; 2 do',
    'service-wrong.yaml:20:43 env: DB_POOL_MAX is declared twice',
  ]);
});

test('a Kubernetes document of another kind is refused', async () => {
  expect(await problemsOf(loadContract(file('deployment.yaml')))).toEqual([
    'deployment.yaml:2:7 kind: expected Service, got "Deployment"',
  ]);
});
