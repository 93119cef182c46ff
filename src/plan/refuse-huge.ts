import { InputError } from '../base/errors.ts';
import { mostArrivals } from '../scenario/traffic/traffic-count.ts';

/** Throws `InputError` if there are more arrivals than a run can hold. */
export function refuseHuge(arrivals: number): void {
  if (arrivals <= mostArrivals) return;
  throw new InputError([
    {
      message: `the phases ask for ${Math.round(arrivals)} arrivals; a run holds at most ${mostArrivals}`,
      hint: 'shorten the phases or lower their rates',
    },
  ]);
}
