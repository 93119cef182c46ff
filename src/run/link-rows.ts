import type { BackendRow } from '../evidence/dataset/backend-row.ts';
import type { LinkEvent } from '../evidence/event.ts';

/** Turns link events into rows of exact counts: one row at each change, with the instance's count from then on. */
export function makeLinkRows(): (event: LinkEvent) => BackendRow | null {
  const open = new Map<string, number>();
  return (event) => {
    const change = changeOf(event);
    if (change === 0) return null;
    const count = (open.get(event.instance) ?? 0) + change;
    if (count === 0) open.delete(event.instance);
    else open.set(event.instance, count);
    return {
      tUs: event.t_us,
      source: 'link',
      service: event.service,
      revision: event.revision,
      instance: event.instance,
      role: event.role ?? null,
      applicationName: event.application_name ?? null,
      state: null,
      waitType: null,
      wait: null,
      count,
      maxXactMs: null,
      maxQueryMs: null,
      maxStateMs: null,
    };
  };
}

function changeOf(event: LinkEvent): -1 | 0 | 1 {
  if (event.what === 'session') return 1;
  return event.what === 'close' && event.was_session === true ? -1 : 0;
}
