import { randomAt } from '../../base/random.ts';
import { isJsonNumber } from '../language/texts.ts';
import type { Fill } from './draw.ts';

/** Where the chance of one placeholder comes from, and what its result goes through. */
export interface FillSetting {
  /** A key for each number that the placeholder draws, so that no two of them hang together. */
  readonly key: (slot: number) => number;
  readonly encode: (value: string) => string;
}

/** A function of the template language. */
export interface TemplateFunction {
  /** How it is written, for messages. */
  readonly form: string;
  /** What is wrong with the arguments, if anything. */
  problem(args: readonly string[]): string | undefined;
  /** Whether what it gives is always a number. */
  isNumber(args: readonly string[]): boolean;
  make(args: readonly string[], setting: FillSetting): Fill;
}

const yes = (): boolean => true;
const no = (): boolean => false;

/** Digits and letters need no encoding anywhere; only what the author wrote goes through `encode`. */
export const templateFunctions: Readonly<Record<string, TemplateFunction>> = {
  rand_int: {
    form: '${rand_int(from,to)}',
    problem: (args) => {
      const [from = Number.NaN, to = Number.NaN] = args.map(wholeNumber);
      if (args.length !== 2 || Number.isNaN(from) || Number.isNaN(to)) return 'takes two whole numbers';
      return spanProblem(from, to, to - from);
    },
    isNumber: yes,
    make: ([from = '', to = ''], { key }) => {
      const draw = drawWhole(Number(from), Number(to), key(0));
      return ({ arrival }) => String(draw(arrival));
    },
  },
  rand_float: {
    form: '${rand_float(from,to,decimals)}',
    problem: (args) => {
      const [from = '', to = '', decimals = ''] = args;
      const isSound = args.length === 3 && isDecimal(from) && isDecimal(to) && /^[1-6]$/.test(decimals);
      if (!isSound) return 'takes two numbers, and how many decimals to give: 1 to 6';
      if ([from, to].some((bound) => decimalsOf(bound) > Number(decimals)))
        return `has a bound with more than ${decimals} decimals`;
      return spanProblem(Number(from), Number(to), (Number(to) - Number(from)) * 10 ** Number(decimals));
    },
    isNumber: yes,
    make: ([from = '', to = '', decimals = ''], { key }) => {
      const places = Number(decimals);
      const scale = 10 ** places;
      // Drawn in the smallest steps there are: both bounds are reached, and nothing is rounded past them.
      const draw = drawWhole(Math.round(Number(from) * scale), Math.round(Number(to) * scale), key(0));
      return ({ arrival }) => (draw(arrival) / scale).toFixed(places);
    },
  },
  rand_choice: {
    form: '${rand_choice(a,b,...)}',
    problem: (args) => {
      if (args.length === 0 || args.includes('')) return 'takes one choice or more, none of them empty';
      return args.some((arg) => /["']/.test(arg)) ? 'takes its choices without quotes' : undefined;
    },
    isNumber: (args) => args.every((arg) => isJsonNumber(arg)),
    make: (args, { key, encode }) => {
      const choices = args.map(encode);
      const drawKey = key(0);
      return ({ arrival }) => choices[Math.floor(randomAt(drawKey, arrival, 0) * choices.length)] ?? '';
    },
  },
  rand_string: {
    form: '${rand_string(length)}',
    problem: ([length = '', ...more]) =>
      /^\d{1,4}$/.test(length) && Number(length) > 0 && Number(length) <= 1024 && more.length === 0
        ? undefined
        : 'takes a length from 1 to 1024',
    isNumber: no,
    make: ([length = ''], { key }) => {
      const keys = Array.from({ length: Number(length) }, (_, slot) => key(slot));
      return ({ arrival }) => {
        let text = '';
        for (const one of keys)
          text += alphabet.charAt(Math.floor(randomAt(one, arrival, 0) * alphabet.length));
        return text;
      };
    },
  },
  uuid: {
    form: '${uuid}',
    problem: noArguments,
    isNumber: no,
    make: (_, { key }) => {
      const [a, b, c, d] = [key(0), key(1), key(2), key(3)];
      const word = (one: number, arrival: number): number => randomAt(one, arrival, 0) * 2 ** 32;
      return ({ arrival }) => uuidOf(word(a, arrival), word(b, arrival), word(c, arrival), word(d, arrival));
    },
  },
  seq: {
    form: '${seq}',
    problem: noArguments,
    isNumber: yes,
    make:
      () =>
      ({ arrival }) =>
        String(arrival),
  },
  client: {
    form: '${client}',
    problem: noArguments,
    isNumber: yes,
    make:
      () =>
      ({ client }) =>
        String(client),
  },
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function drawWhole(from: number, to: number, key: number): (arrival: number) => number {
  return (arrival) => from + Math.floor(randomAt(key, arrival, 0) * (to - from + 1));
}

function spanProblem(from: number, to: number, steps: number): string | undefined {
  if (from > to) return `has its bounds the wrong way round: ${from} is more than ${to}`;
  return steps < 2 ** 32 ? undefined : 'spans more than 2^32 numbers';
}

function noArguments(args: readonly string[]): string | undefined {
  return args.length === 0 ? undefined : 'takes no arguments';
}

function wholeNumber(text: string): number {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

function isDecimal(text: string): boolean {
  return /^-?\d{1,9}(?:\.\d{1,9})?$/.test(text);
}

function decimalsOf(text: string): number {
  return text.split('.')[1]?.length ?? 0;
}

/** 128 bits, of which version (4) and variant (10) are fixed as RFC 9562 has it. */
function uuidOf(a: number, b: number, c: number, d: number): string {
  const version = 0x4000 | (b & 0x0fff);
  const variant = 0x8000 | ((c >>> 16) & 0x3fff);
  return `${hex(a >>> 16)}${hex(a)}-${hex(b >>> 16)}-${hex(version)}-${hex(variant)}-${hex(c)}${hex(d >>> 16)}${hex(d)}`;
}

const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The lower 16 bits, four digits. */
function hex(value: number): string {
  return `${hexBytes[(value >>> 8) & 0xff] ?? ''}${hexBytes[value & 0xff] ?? ''}`;
}
