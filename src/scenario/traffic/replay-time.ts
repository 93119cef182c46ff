/** Microseconds of a recorded time; each form has an origin of its own. Null if the text is no time. */
export function replayTimeUs(text: string): { readonly form: TimeForm; readonly us: number } | null {
  const seconds = secondsUs(text);
  if (seconds !== null) return exact('seconds', seconds);
  const date = dateUs(text);
  return date === null ? null : exact('ISO 8601', date);
}

/** Beyond the year 2255 a number can't hold microseconds exactly; such times are usually milliseconds by mistake. */
function exact(form: TimeForm, us: number): { readonly form: TimeForm; readonly us: number } | null {
  return Number.isSafeInteger(us) ? { form, us } : null;
}

/** The times of a list have one form: seconds since any origin, or dates. */
export type TimeForm = 'seconds' | 'ISO 8601';

function secondsUs(text: string): number | null {
  return /^\d+(?:\.\d+)?$/.test(text) ? Math.round(Number(text) * 1e6) : null;
}

const isoDate = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))?$/i;

/** A date without a zone is taken as UTC: a list has one zone, and only differences count. */
function dateUs(text: string): number | null {
  const match = isoDate.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  // A date that overflows, such as 30 February or 25:00, would silently be another moment.
  if (new Date(ms).toISOString().slice(0, 19) !== `${text.slice(0, 10)}T${text.slice(11, 19)}`) return null;
  const fractionUs = Number(`${match[7] ?? ''}000000`.slice(0, 6));
  return ms * 1000 + fractionUs - zoneMinutes(match) * 60e6;
}

function zoneMinutes([, , , , , , , , sign, hours, minutes]: RegExpExecArray): number {
  const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -size : size;
}
