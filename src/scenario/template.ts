import { nearest } from '../base/nearest.ts';
import { hashString, randomAt } from '../base/random.ts';

/**
 * Templates of requests, filled anew for every arrival:
 *
 *   ${rand_int(1,1000)}   a whole number between both, both included
 *   ${uuid}               a UUID of version 4
 *   ${seq}                the number of the arrival, from 0
 *
 * What an arrival gets depends on the seed, the stream and the arrival's number alone.
 */
const placeholder = /\$\{([^}]*)\}/g;

/** What stands for one placeholder, given the arrival's number. */
type Fill = (arrival: number) => string;

/** Where a placeholder's chance comes from. */
interface Source {
  readonly key: number;
  readonly slot: number;
}

interface TemplateFunction {
  /** How it is written, for messages. */
  readonly form: string;
  /** What is wrong with the arguments, if anything. */
  problem(args: readonly string[]): string | undefined;
  make(args: readonly string[], source: Source): Fill;
}

const functions: Readonly<Record<string, TemplateFunction>> = {
  rand_int: {
    form: '${rand_int(from,to)}',
    problem: (args) => {
      const [from = Number.NaN, to = Number.NaN] = args.map(wholeNumber);
      if (args.length !== 2 || Number.isNaN(from) || Number.isNaN(to)) return 'takes two whole numbers';
      if (from > to) return `has its bounds the wrong way round: ${from} is more than ${to}`;
      return to - from < 2 ** 32 ? undefined : 'spans more than 2^32 numbers';
    },
    make: (args, { key, slot }) => {
      const [from = 0, to = 0] = args.map(Number);
      return (arrival) => String(from + Math.floor(randomAt(key, arrival, slot) * (to - from + 1)));
    },
  },
  uuid: {
    form: '${uuid}',
    problem: noArguments,
    make:
      (_, { key, slot }) =>
      (arrival) =>
        uuidAt(key, arrival, slot),
  },
  seq: { form: '${seq}', problem: noArguments, make: () => (arrival) => String(arrival) },
};

/** Prepares a template once; the result fills it for an arrival. Throws nothing on a text without problems. */
export function compileTemplate(text: string, seed: number, stream: string): (arrival: number) => string {
  const key = hashString(`${seed}/${stream}`);
  const parts: Fill[] = [];
  let end = 0;
  for (const match of text.matchAll(placeholder)) {
    const literal = text.slice(end, match.index);
    const { name, args } = callOf(match[1] ?? '');
    const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (found === undefined) continue;
    // Four draws a placeholder is the most that one needs, so that slots never meet.
    parts.push(() => literal, found.make(args, { key, slot: 4 * parts.length }));
    end = match.index + match[0].length;
  }
  const rest = text.slice(end);
  if (parts.length === 0) return () => rest;
  return (arrival) => `${parts.map((fill) => fill(arrival)).join('')}${rest}`;
}

/** Everything that is wrong with a template, one line each; empty when it is sound. */
export function templateProblems(text: string): string[] {
  const problems = [...text.matchAll(placeholder)].flatMap((match) => problemOf(match[1] ?? '') ?? []);
  const open = text.replace(placeholder, '').includes('${');
  return open ? [...problems, 'a "${" is never closed'] : problems;
}

function problemOf(call: string): string | undefined {
  const { name, args } = callOf(call);
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (found !== undefined) {
    const problem = found.problem(args);
    return problem === undefined ? undefined : `${found.form} ${problem}`;
  }
  const near = nearest(name, Object.keys(functions));
  const forms = Object.values(functions).map(({ form }) => form);
  const hint =
    near === undefined ? `known: ${forms.join(', ')}` : `did you mean ${functions[near]?.form ?? near}?`;
  return `unknown template "\${${call}}"; ${hint}`;
}

/** `name(a,b)` or `name`, taken apart. A call that is not closed is all name, and so unknown. */
function callOf(text: string): { readonly name: string; readonly args: readonly string[] } {
  const match = /^\s*([a-z_]+)\s*(?:\(([^()]*)\))?\s*$/.exec(text);
  if (match === null) return { name: text.trim(), args: [] };
  const inside = match[2]?.trim() ?? '';
  return {
    name: match[1] ?? '',
    args: inside === '' ? [] : inside.split(',').map((arg) => arg.trim()),
  };
}

function noArguments(args: readonly string[]): string | undefined {
  return args.length === 0 ? undefined : 'takes no arguments';
}

function wholeNumber(text: string): number {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

/** 128 bits, of which version (4) and variant (10) are fixed as RFC 9562 has it. */
function uuidAt(key: number, arrival: number, slot: number): string {
  const words = [0, 1, 2, 3].map((word) => Math.floor(randomAt(key, arrival, slot + word) * 2 ** 32));
  const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
