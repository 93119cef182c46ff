import type { EmulatorControl, ServiceState } from '../platform.ts';

/** A service as the emulator shows it; one without revisions where it knows no such service. */
export async function inspectService(emulator: EmulatorControl, name: string): Promise<ServiceState> {
  const { services } = await emulator.status();
  const service = services.find((one) => one.name === name);
  return {
    latestReady: service?.latestReady ?? null,
    traffic: service?.traffic ?? [],
    revisions: (service?.revisions ?? []).map(
      ({ name: revision, state, minInstances, maxInstances, instances }) => ({
        name: revision,
        ready: state === 'ready' || state === 'retired',
        minInstances,
        maxInstances,
        instances,
      }),
    ),
  };
}
