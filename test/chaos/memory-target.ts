import type { Knob } from '../../src/plan/knob.ts';
import type { RunEvent } from '../../src/evidence/event.ts';
import type {
  FaultTarget,
  ProbedLink,
  RevisionChange,
  RevisionState,
  ServiceState,
  ServiceSnapshot,
  TrafficShare,
} from '../../src/chaos/fault-target.ts';

interface Parts {
  template: RevisionChange;
  traffic: readonly TrafficShare[];
  scaling: { readonly min?: number; readonly max?: number };
}

/** One service in memory: it does what is asked at once, and shows it. */
export class MemoryTarget implements FaultTarget {
  disposable = false;
  readonly knobs: Knob[] = [];
  readonly events: RunEvent[] = [];
  /** How each of its links answers. */
  links: readonly ProbedLink[] = [];
  /** Calls of these reject. */
  readonly broken = new Set<string>();
  revisions: readonly string[] = ['api-1'];
  parts: Parts = { template: {}, traffic: [{ revision: null, percent: 100 }], scaling: { max: 8 } };

  async deploy(_service: string, change: RevisionChange): Promise<{ revision: string }> {
    await this.#check('deploy');
    const revision = `api-${this.revisions.length + 1}`;
    this.revisions = [revision, ...this.revisions];
    this.parts = { ...this.parts, template: change, traffic: [{ revision: null, percent: 100 }] };
    return { revision };
  }

  async traffic(_service: string, lines: readonly TrafficShare[]): Promise<void> {
    await this.#check('traffic');
    this.parts = { ...this.parts, traffic: lines };
  }

  async scale(_service: string, limits: Parts['scaling']): Promise<void> {
    await this.#check('scale');
    this.parts = { ...this.parts, scaling: { ...this.parts.scaling, ...limits } };
  }

  snapshot(): Promise<ServiceSnapshot> {
    const saved = this.parts;
    return Promise.resolve({
      restore: async (parts) => {
        await this.#check('restore');
        this.parts = { ...this.parts, ...Object.fromEntries(parts.map((part) => [part, saved[part]])) };
      },
    });
  }

  async turn(_service: string, knob: Knob): Promise<string> {
    await this.#check(knob.knob);
    this.knobs.push(knob);
    return `turned ${knob.knob}`;
  }

  look(): Promise<ServiceState> {
    const [latest = ''] = this.revisions;
    const { min = 0, max = 100 } = this.parts.scaling;
    return Promise.resolve({
      latestReady: latest,
      traffic: this.parts.traffic.map(({ revision, percent }) => ({ revision: revision ?? latest, percent })),
      revisions: this.revisions.map((name): RevisionState => ({
        name,
        ready: true,
        minInstances: min,
        maxInstances: max,
        instances: 1,
      })),
    });
  }

  probeLinks(): Promise<readonly ProbedLink[]> {
    return Promise.resolve(this.links);
  }

  recorded(_service: string, sinceUs: number): readonly RunEvent[] {
    return this.events.filter((event) => event.t_us >= sinceUs);
  }

  #check(call: string): Promise<void> {
    return this.broken.has(call) ? Promise.reject(new Error(`${call} is broken`)) : Promise.resolve();
  }
}
