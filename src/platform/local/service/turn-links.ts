import { formatBytes, formatMs } from '../../../base/units.ts';
import type { Knob } from '../../../plan/knob.ts';
import type { LinkChange } from '../../../plan/link-fault.ts';
import type { ServiceLinks } from '../service-links.ts';

/** Faults on the connections between a service's instances and their database. */
export type LinkKnob = Extract<Knob, { readonly knob: 'link' | 'reset_links' }>;

/** Whether a knob is one of the links. */
export function isLinkKnob(knob: Knob): knob is LinkKnob {
  return knob.knob === 'link' || knob.knob === 'reset_links';
}

/** Turns one knob of a service's links; yields what was done, in words. */
export async function turnLinks(knob: LinkKnob, links: ServiceLinks): Promise<string> {
  if (knob.knob === 'reset_links') return `${counted(links.reset(), 'connection')} reset`;
  return `${linkWords(knob.change)}, on ${counted(await links.change(knob.change), 'link')}`;
}

/** What a change of the links does, in words. */
function linkWords(change: LinkChange): string {
  if ('latencyMs' in change)
    return change.latencyMs === 0
      ? 'answers of Postgres come undelayed'
      : `answers of Postgres come ${formatMs(change.latencyMs)} later`;
  if ('jitter' in change) return jitterWords(change.jitter);
  if ('bytesPerSec' in change)
    return change.bytesPerSec === null
      ? 'answers of Postgres come as fast as they are'
      : `answers of Postgres come with ${formatBytes(change.bytesPerSec)}/s a connection`;
  if ('blackhole' in change) return change.blackhole ? 'no byte passes' : 'bytes pass again';
  return change.refuse ? 'new connections are refused' : 'new connections are taken again';
}

function jitterWords(jitter: { readonly delayMs: number; readonly spreadMs: number } | null): string {
  if (jitter === null) return 'answers of Postgres come without jitter';
  const { delayMs, spreadMs } = jitter;
  return `answers of Postgres come ${formatMs(delayMs - spreadMs)} to ${formatMs(delayMs + spreadMs)} later`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
