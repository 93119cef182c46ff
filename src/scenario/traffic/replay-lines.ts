import type { Problem } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { replayTimeUs, type TimeForm } from './replay-time.ts';

/** One recorded arrival. */
export interface Recorded {
  /** Microseconds from an origin that the whole list shares. */
  readonly us: number;
  /** Index of its route; null where the mix decides. */
  readonly route: number | null;
}

/** What a list holds, earliest first, and what is wrong with it. */
export interface RecordedList {
  readonly arrivals: readonly Recorded[];
  readonly problems: readonly Problem[];
}

/** Wrong lines are usually wrong in the same way. */
const mostProblems = 10;

/**
 * Reads a list of recorded arrivals: one a line, its time in seconds or ISO 8601 and, after a comma, the name of its
 * route if known. A first line that does not begin with a digit is a header. The list is sorted, because lists written
 * at the end of each request are not quite in order.
 */
export function readReplayLines(text: string, file: string, routes: readonly string[]): RecordedList {
  const arrivals: Recorded[] = [];
  const problems: Problem[] = [];
  let form: TimeForm | null = null;
  let isFirst = true;
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const fields = fieldsOf(line);
    if (fields.length === 1 && fields[0]?.text === '') continue;
    const isHeader = isFirst && !/^\d/.test(fields[0]?.text ?? '');
    isFirst = false;
    if (isHeader) continue;
    const read = readLine(fields, routes, form);
    if ('us' in read) {
      ({ form } = read);
      arrivals.push({ us: read.us, route: read.route });
    } else problems.push({ ...read, place: { file, line: index + 1, column: read.column } });
  }
  return { arrivals: arrivals.sort((one, other) => one.us - other.us), problems: fewOf(problems) };
}

interface Field {
  readonly text: string;
  readonly column: number;
}

/** Neither a time nor the name of a route has a comma in it. */
function fieldsOf(line: string): readonly Field[] {
  let column = 1;
  return line.split(',').map((part) => {
    const field = { text: part.trim().replace(/^"(.*)"$/, '$1'), column };
    column += part.length + 1;
    return field;
  });
}

type Wrong = Omit<Problem, 'place'> & { readonly column: number };

function readLine(
  [time, route, ...more]: readonly Field[],
  routes: readonly string[],
  form: TimeForm | null,
): (Recorded & { readonly form: TimeForm }) | Wrong {
  const { text = '', column = 1 } = time ?? {};
  const read = replayTimeUs(text);
  if (read === null) return { message: `expected a time in seconds or ISO 8601, got "${text}"`, column };
  if (form !== null && read.form !== form)
    return { message: `expected ${form}, as in the lines before, got "${text}"`, column };
  const [third] = more;
  if (third !== undefined) return { message: 'expected a time and at most a route', column: third.column };
  if (route === undefined || route.text === '') return { ...read, route: null };
  const index = routes.indexOf(route.text);
  return index >= 0 ? { ...read, route: index } : unknownRoute(route, routes);
}

function unknownRoute({ text, column }: Field, routes: readonly string[]): Wrong {
  const near = nearest(text, routes);
  const hint = near === undefined ? `requests: ${routes.join(', ')}` : `did you mean "${near}"?`;
  return { message: `no request is called "${text}"`, column, hint };
}

function fewOf(problems: readonly Problem[]): readonly Problem[] {
  const left = problems.length - mostProblems;
  const last = problems[mostProblems - 1];
  if (left <= 0 || last === undefined) return problems;
  const more = { message: `and ${left} more lines of this list`, ...(last.place && { place: last.place }) };
  return [...problems.slice(0, mostProblems), more];
}
