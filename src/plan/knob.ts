import type { LinkChange } from './link-fault.ts';

/** Something that can be done to a service on the emulator, and on no real platform. */
export type Knob =
  | { readonly knob: 'kill'; readonly count: number }
  | { readonly knob: 'hang'; readonly count: number }
  | { readonly knob: 'resume' }
  | { readonly knob: 'over_max'; readonly factor: number }
  | { readonly knob: 'slow_start'; readonly delayMs: number }
  | { readonly knob: 'fail_start'; readonly on: boolean }
  | { readonly knob: 'reject'; readonly on: boolean }
  | { readonly knob: 'link'; readonly change: LinkChange }
  | { readonly knob: 'reset_links' };
