/** Microseconds since 1970 of a time as a log writes it, or null when it can't be told for sure. */
export type LogTime = (text: string) => number | null;

const stamp = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{3})?) (\S+)$/;
const epoch = /^\d{9,12}\.\d{3}$/;
const hourMs = 3_600_000;

/**
 * Reads times of a server whose `log_timezone` is this. The short name of a zone behind a time is ambiguous ("CST"),
 * so the zone's own rules decide; in the hour that comes twice in autumn nobody can tell, and null is said.
 */
export function makeLogTime(timeZone: string): LogTime {
  const offset = isUtc(timeZone) ? () => 0 : zoneOffset(timeZone);
  return (text) => {
    if (epoch.test(text)) return Math.round(Number(text) * 1000) * 1000;
    const [, day, time, zone] = stamp.exec(text) ?? [];
    if (day === undefined || time === undefined || zone === undefined) return null;
    const localMs = Date.parse(`${day}T${time}Z`);
    const fixed = fixedOffsetMs(zone);
    if (fixed !== null) return (localMs - fixed) * 1000;
    if (isUtc(timeZone) || offset === null) return null;
    // The offset may be either of those that hold around this time; a time that fits both comes twice.
    const fitting = new Set(
      [-3, 3].flatMap((hours) => {
        const ms = localMs - offset(localMs + hours * hourMs);
        return offset(ms) === localMs - ms ? [ms] : [];
      }),
    );
    const [only, ...others] = fitting;
    return only === undefined || others.length > 0 ? null : only * 1000;
  };
}

/** Whether times of this zone can be read at all. */
export function isKnownZone(timeZone: string): boolean {
  return isUtc(timeZone) || zoneOffset(timeZone) !== null;
}

function isUtc(zone: string): boolean {
  return /^(?:Etc\/)?(?:UTC|GMT|UCT|Universal|Zulu)$/.test(zone);
}

/** "UTC", or the bare hours that stand for a zone without a name: "+03", "-0330". */
function fixedOffsetMs(zone: string): number | null {
  if (zone === 'UTC' || zone === 'GMT') return 0;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  if (hours === undefined) return null;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0)) * 60_000;
}

/** How far the zone's clocks are ahead of UTC at a moment; null for a zone that is not known here. */
function zoneOffset(timeZone: string): ((ms: number) => number) | null {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    return (ms) => {
      const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      return fixedOffsetMs(name.replace('GMT', '') || '+00') ?? 0;
    };
  } catch {
    return null;
  }
}
