import { within } from './deadline.ts';
import { messageOf } from './errors.ts';

/** What has to be undone, in reverse order. */
export interface Teardown {
  /** Adds a step; `limitMs` bounds how long it may take. */
  add(name: string, limitMs: number, step: () => Promise<void>): void;
  /** Runs every step once, newest first, even if some fail. Returns a line for each failure. */
  run(): Promise<readonly string[]>;
}

interface TeardownStep {
  readonly name: string;
  readonly limitMs: number;
  readonly step: () => Promise<void>;
}

const late = Symbol('late');

/** Makes an empty list of steps. A step that fails or hangs never keeps the others from running. */
export function makeTeardown(): Teardown {
  const steps: TeardownStep[] = [];
  return {
    add: (name, limitMs, step) => void steps.push({ name, limitMs, step }),
    run: async () => {
      const failures: string[] = [];
      for (let next = steps.pop(); next !== undefined; next = steps.pop()) {
        const failure = await runStep(next);
        if (failure !== null) failures.push(failure);
      }
      return failures;
    },
  };
}

async function runStep({ name, limitMs, step }: TeardownStep): Promise<string | null> {
  try {
    const outcome = await within<unknown, typeof late>(step(), limitMs, late);
    return outcome === late ? `${name}: not done within ${limitMs} ms` : null;
  } catch (error) {
    return `${name}: ${messageOf(error)}`;
  }
}
