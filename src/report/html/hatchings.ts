import { html } from './template.ts';

/** Patterns that say by form what a colour alone would say: what is over a limit, what was never sent, what is unknown. */
export const hatchings = html`<svg class="defs" width="0" height="0" aria-hidden="true">
  <defs>
    <pattern id="hatch-over" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="hatch-ground-over" width="6" height="6" />
      <rect class="hatch-line-over" width="2.4" height="6" />
    </pattern>
    <pattern
      id="hatch-loose"
      width="6"
      height="6"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect class="hatch-line-loose" width="1.6" height="6" />
    </pattern>
    <pattern id="hatch-gap" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
      <rect class="hatch-line-gap" width="2" height="5" />
    </pattern>
  </defs>
</svg>`;
