import { nearest } from '../../base/nearest.ts';
import { parseDurationMs } from '../../base/units.ts';
import { operators, wholes, type Condition, type Operator, type Tags, type Threshold } from './condition.ts';
import {
  aggregates,
  aggregatesOf,
  amountUnit,
  metricNames,
  metrics,
  tagValues,
  type Aggregate,
  type Metric,
  type MetricName,
} from './metrics.ts';

/** Why a text is not a condition, and at which character. */
export interface Slip {
  readonly at: number;
  readonly message: string;
  readonly hint?: string;
}

export type ParsedCondition =
  | { readonly ok: true; readonly value: Condition }
  | { readonly ok: false; readonly slip: Slip };

/** Reads `agg(metric{tag=v}) op value [in PHASE] [for DURATION]`; reports the first slip. */
export function parseCondition(text: string): ParsedCondition {
  try {
    return { ok: true, value: new Reader(text).condition() };
  } catch (error) {
    if (error instanceof SlipError) return { ok: false, slip: error.slip };
    throw error;
  }
}

class SlipError extends Error {
  readonly slip: Slip;

  constructor(slip: Slip) {
    super(slip.message);
    this.slip = slip;
  }
}

const form = 'agg(metric{tag=value}) op value [in PHASE] [for DURATION]';

/** Reads from left to right; `#at` is the next character. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  condition(): Condition {
    const aggregateAt = this.#start();
    const aggregate = this.#oneOf(/[\w.]+/y, aggregates, 'an aggregate');
    this.#mark('(');
    const name = this.#oneOf(/[\w.]+/y, metricNames, 'a metric');
    const metric = metrics[name];
    const fitting = aggregatesOf(metric);
    if (!fitting.includes(aggregate))
      this.#slip(aggregateAt, `${aggregate} does not apply to ${name}`, `it has ${fitting.join(', ')}`);
    const tags = this.#tags(name);
    this.#mark(')');
    const operator = this.#operator();
    const threshold = this.#threshold(aggregate, metric);
    const phase = this.#follows('in') ? this.#word('a phase') : null;
    const forMs = this.#follows('for') ? this.#duration() : null;
    const restAt = this.#start();
    if (restAt < this.#text.length)
      this.#slip(restAt, `unexpected "${this.#text.slice(restAt)}"`, `the form is ${form}`);
    return { aggregate, metric: name, tags, operator, threshold, phase, forMs };
  }

  #tags(name: MetricName): Tags {
    const tags: Record<string, readonly string[]> = {};
    if (!this.#takes('{')) return tags;
    do {
      const at = this.#start();
      const known = metrics[name].tags;
      const tag = this.#oneOf(/\w+/y, known, `a tag of ${name}`);
      if (Object.hasOwn(tags, tag)) this.#slip(at, `${tag} is given twice`);
      this.#mark('=');
      tags[tag] = this.#values(tag);
    } while (this.#takes(','));
    this.#mark('}');
    return tags;
  }

  #values(tag: string): readonly string[] {
    const known = tagValues[tag];
    const values: string[] = [];
    do {
      const at = this.#start();
      const value = this.#word(`a value of ${tag}`);
      if (known !== undefined && !known.includes(value)) this.#unknown(at, value, `a value of ${tag}`, known);
      values.push(value);
    } while (this.#takes('|'));
    return values;
  }

  #operator(): Operator {
    const at = this.#start();
    const found = this.#take(/[<>=!]+/y);
    const known = operators.find((one) => one === found);
    if (known === undefined)
      this.#slip(at, `expected a comparison, got ${this.#shown(at)}`, `known: ${operators.join(' ')}`);
    return known;
  }

  #threshold(aggregate: Aggregate, metric: Metric): Threshold {
    const at = this.#start();
    const text = this.#take(/-?\d+(?:\.\d+)?(?:\s*%|\s*\/\s*[a-z]+|\s*(?:us|ms|s|m|h)\b|[a-zA-Z]+)?/y);
    if (text === undefined) this.#slip(at, `expected a value, got ${this.#shown(at)}`, `the form is ${form}`);
    const unit = amountUnit(aggregate, metric);
    if (text.endsWith('%') && unit !== '%') return this.#share(at, text, metric);
    const amount = amountOf(text, unit);
    if (amount === undefined) this.#slip(at, `expected ${examples[unit]}, got "${text.trim()}"`);
    return { kind: 'amount', amount, unit };
  }

  #share(at: number, text: string, { unit }: Metric): Threshold {
    const whole = this.#follows('of') ? this.#oneOf(/\w+/y, wholes, 'a whole') : undefined;
    if (whole === undefined || unit !== 'sessions')
      this.#slip(at, `${text} of what?`, 'sessions can be a share of server, usable or claim');
    return { kind: 'share', percent: Number(text.slice(0, -1)), of: whole };
  }

  #duration(): number {
    const at = this.#start();
    const parsed = parseDurationMs(this.#take(/[\w.]+/y) ?? '');
    if (!parsed.ok) this.#slip(at, parsed.why);
    if (parsed.value < 1000) this.#slip(at, 'conditions are checked once a second: at least "1s"');
    return parsed.value;
  }

  /** A bare word, or one in quotes. */
  #word(what: string): string {
    const at = this.#start();
    const quoted = this.#take(/'[^']*'|"[^"]*"/y);
    if (quoted !== undefined) return quoted.slice(1, -1);
    const word = this.#take(/[\w.:/-]+/y);
    if (word === undefined) this.#slip(at, `expected ${what}, got ${this.#shown(at)}`);
    return word;
  }

  #oneOf<T extends string>(pattern: RegExp, known: readonly T[], what: string): T {
    const at = this.#start();
    const word = this.#take(pattern);
    const found = known.find((one) => one === word);
    if (found === undefined) this.#unknown(at, word, what, known);
    return found;
  }

  #unknown(at: number, word: string | undefined, what: string, known: readonly string[]): never {
    const near = word === undefined ? undefined : nearest(word, known);
    const listed = known.length === 0 ? 'there are none' : `known: ${known.join(', ')}`;
    return this.#slip(
      at,
      word === undefined ? `expected ${what}, got ${this.#shown(at)}` : `"${word}" is not ${what}`,
      near === undefined ? listed : `did you mean "${near}"?`,
    );
  }

  #follows(keyword: string): boolean {
    this.#start();
    return this.#take(new RegExp(`${keyword}\\b`, 'y')) !== undefined;
  }

  #mark(mark: string): void {
    const at = this.#start();
    if (!this.#takes(mark))
      this.#slip(at, `expected "${mark}", got ${this.#shown(at)}`, `the form is ${form}`);
  }

  #takes(mark: string): boolean {
    if (!this.#text.startsWith(mark, this.#start())) return false;
    this.#at += mark.length;
    return true;
  }

  /** What matches at the next character, and moves past it; the pattern must be sticky. */
  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  /** Past any blanks. */
  #start(): number {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
    return this.#at;
  }

  #shown(at: number): string {
    return at >= this.#text.length ? 'the end' : `"${this.#text.slice(at, at + 20)}"`;
  }

  #slip(at: number, message: string, hint?: string): never {
    throw new SlipError({ at, message, ...(hint === undefined ? {} : { hint }) });
  }
}

const examples = {
  ms: 'a duration with its unit, such as "800ms"',
  '/s': 'a rate with its unit, such as "40/s"',
  '%': 'a percentage, such as "99.9%"',
  '': 'a plain number',
} as const;

/** The number of an amount in its metric's unit; undefined where the text has another one. */
function amountOf(text: string, unit: keyof typeof examples): number | undefined {
  const plain = text.replaceAll(/\s+/g, '');
  if (unit === 'ms') {
    const parsed = parseDurationMs(plain);
    return parsed.ok ? parsed.value : undefined;
  }
  const ending = { '/s': /\/s$/, '%': /%$/, '': /(?<=\d)$/ }[unit];
  if (!ending.test(plain)) return undefined;
  const number = Number(plain.replace(ending, ''));
  return Number.isFinite(number) ? number : undefined;
}
