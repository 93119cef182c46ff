import { nearest } from '../../base/nearest.ts';
import type { Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import type { Condition } from './condition.ts';
import { metricNames, metrics } from './metrics.ts';
import { parseCondition } from './parse-condition.ts';
import type { AbortInFile, AssertionsInFile } from './rules-codec.ts';
import type { AbortRule, Assertion } from './rules.ts';

/** Names that conditions may use; null if they are not known. */
export interface Names {
  readonly phases: readonly string[];
  readonly routes: readonly string[];
  readonly services: readonly string[] | null;
}

/** The rules that make sense, and what is wrong with the others. */
export interface ReadRules<Rule> {
  readonly rules: readonly Rule[];
  readonly problems: readonly Problem[];
}

/** Reads `assertions:`; each slip has its place in the file. */
export function readAssertions(
  given: AssertionsInFile | undefined,
  names: Names,
  source: YamlFile,
  base: YamlPath = ['assertions'],
): ReadRules<Assertion> {
  return readEach(given, (one, index) => {
    const isShort = typeof one === 'string';
    const said: Exclude<typeof one, string> = isShort ? { expr: one } : one;
    const read = readText(said.expr, isShort ? [...base, index] : [...base, index, 'expr'], names, source);
    if (!read.ok) return read;
    const severity = said.severity ?? 'hard';
    return { ok: true, value: { condition: read.value, severity, because: said.because ?? null } };
  });
}

/** Reads `abort:`. Only what is known during the run can end it. */
export function readAborts(
  given: AbortInFile | undefined,
  names: Names,
  source: YamlFile,
): ReadRules<AbortRule> {
  return readEach(given, (one, index) => {
    const isShort = typeof one === 'string';
    const path = isShort ? ['abort', index] : ['abort', index, 'when'];
    const read = readText(isShort ? one : one.when, path, names, source);
    if (!read.ok) return read;
    if (!metrics[read.value.metric].isLive) {
      const live = metricNames.filter((name) => metrics[name].isLive).join(', ');
      const message = `${read.value.metric} is known only when the run is over`;
      return {
        ok: false,
        problem: { message, place: source.placeOf(path), hint: `these can end a run: ${live}` },
      };
    }
    return { ok: true, value: { condition: read.value, because: isShort ? null : (one.because ?? null) } };
  });
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

function readEach<Given, Rule>(
  given: readonly Given[] = [],
  read: (one: Given, index: number) => Read<Rule>,
): ReadRules<Rule> {
  const all = given.map(read);
  return {
    rules: all.flatMap((one) => (one.ok ? [one.value] : [])),
    problems: all.flatMap((one) => (one.ok ? [] : [one.problem])),
  };
}

function readText(text: string, path: YamlPath, names: Names, source: YamlFile): Read<Condition> {
  const parsed = parseCondition(text);
  if (!parsed.ok) {
    const { at, message, hint } = parsed.slip;
    const place = source.placeInText(path, text, at);
    return { ok: false, problem: { message, place, ...(hint === undefined ? {} : { hint }) } };
  }
  const unknown = unknownName(parsed.value, names);
  if (unknown === null) return { ok: true, value: parsed.value };
  const at = text.lastIndexOf(unknown.word);
  const near = nearest(unknown.word, unknown.known);
  const hint = near === undefined ? `known: ${unknown.known.join(', ')}` : `did you mean "${near}"?`;
  const message = `there is no ${unknown.what} "${unknown.word}"`;
  return { ok: false, problem: { message, place: source.placeInText(path, text, at), hint } };
}

interface UnknownName {
  readonly what: string;
  readonly word: string;
  readonly known: readonly string[];
}

function unknownName({ phase, tags }: Condition, names: Names): UnknownName | null {
  const asked = [
    { what: 'phase', words: phase === null ? [] : [phase], known: names.phases },
    { what: 'request', words: tags.route ?? [], known: names.routes },
    {
      what: 'service',
      words: names.services === null ? [] : (tags.service ?? []),
      known: names.services ?? [],
    },
  ];
  for (const { what, words, known } of asked) {
    const word = words.find((one) => !known.includes(one));
    if (word !== undefined) return { what, word, known };
  }
  return null;
}
