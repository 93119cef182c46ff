import { provenanceMarks, type Provenance } from '../words.ts';
import { html, type Markup } from './template.ts';

const meanings = {
  observed: 'observed: it really happened, on this machine',
  emulated: 'emulated: the platform’s emulator had a hand in it',
} as const satisfies Record<Provenance, string>;

/** The mark beside a number or a title: a filled dot for what was observed, an open one for what was emulated. */
export function mark(provenance: Provenance): Markup {
  return html`<span
    class="prov ${provenance}"
    role="img"
    aria-label="${provenance}"
    title="${meanings[provenance]}"
    >${provenanceMarks[provenance]}</span
  >`;
}

/** What the marks mean, and what the emulator was held against. */
export function legend(calibration: string): Markup {
  return html`<p class="hint prov-legend">
    ${mark('observed')} observed: it really happened, on this machine. ${mark('emulated')} emulated: the
    platform’s emulator had a hand in it (${calibration}).
  </p>`;
}
