import { within } from '../../../base/deadline.ts';
import { ApiError, asApiError, statuses } from './api-error.ts';
import type { JsonObject } from '../../json.ts';

/** More are not kept: the oldest finished one makes room. */
const mostOperations = 500;

/** How a change ended. `shown`: the resource as it is then. */
export interface Ending {
  readonly shown: JsonObject;
  readonly error: ApiError | null;
}

interface Operation {
  readonly name: string;
  readonly type: string;
  metadata: JsonObject;
  ending: Ending | null;
  readonly ended: Promise<void>;
}

/** The long-running operations of one API: each is one change, done when that has settled. */
export class Operations {
  readonly #place: string;
  readonly #limit: number;
  readonly #kept = new Map<string, Operation>();
  #count = 0;

  /** `place` such as `projects/P/locations/L`. */
  constructor(place: string, limit: number = mostOperations) {
    this.#place = place;
    this.#limit = limit;
  }

  /** Follows a change of a resource of the type given; `shown` is the resource at its start. */
  begin(type: string, shown: JsonObject, change: () => Promise<Ending>): JsonObject {
    this.#makeRoom();
    this.#count += 1;
    const name = `${this.#place}/operations/${String(this.#count).padStart(8, '0')}`;
    const ended = change()
      .catch((error: unknown) => ({ shown: operation.metadata, error: asApiError(error) }))
      .then((ending) => {
        operation.metadata = ending.shown;
        operation.ending = ending;
      });
    const operation: Operation = { name, type, metadata: shown, ending: null, ended };
    this.#kept.set(name, operation);
    return render(operation);
  }

  get(name: string): JsonObject {
    return render(this.#find(name));
  }

  /** The newest first. */
  list(): readonly JsonObject[] {
    return [...this.#kept.values()].reverse().map(render);
  }

  /** The operation when it is done, or as it is when the time is over. */
  async wait(name: string, timeoutMs: number): Promise<JsonObject> {
    const operation = this.#find(name);
    await within(operation.ended, timeoutMs, undefined);
    return render(operation);
  }

  #find(name: string): Operation {
    const found = this.#kept.get(name);
    if (found === undefined) throw new ApiError('NOT_FOUND', `operation "${name}" not found`);
    return found;
  }

  #makeRoom(): void {
    if (this.#kept.size < this.#limit) return;
    const oldest = [...this.#kept.values()].find(({ ending }) => ending !== null);
    if (oldest === undefined)
      throw new ApiError('RESOURCE_EXHAUSTED', `${this.#limit} operations are under way`);
    this.#kept.delete(oldest.name);
  }
}

function render({ name, type, metadata, ending }: Operation): JsonObject {
  const typed = (json: JsonObject): JsonObject => ({ '@type': `type.googleapis.com/${type}`, ...json });
  const head = { name, metadata: typed(metadata), done: ending !== null };
  if (ending === null) return head;
  const { error, shown } = ending;
  if (error === null) return { ...head, response: typed(shown) };
  return { ...head, error: { code: statuses[error.status].grpc, message: error.message } };
}
