import { readText } from '../base/load-yaml.ts';
import type { Problem } from '../base/errors.ts';
import type { YamlFile, YamlPath } from '../base/yaml.ts';
import { isResource } from './target/targets.ts';

/** Where values come from. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Turns a path in the scenario into one that can be opened. */
  resolve(path: string): string;
}

/** A value with every `${env:...}` and `${file:...}` replaced, and the values that must never be shown. */
export interface Interpolated {
  readonly value: unknown;
  readonly secrets: readonly string[];
  /** The texts that hold any, as they may be shown. */
  readonly blotted: readonly BlottedText[];
  readonly problems: readonly Problem[];
}

/** A text of the file that holds secret values, with each of them blotted out. */
export interface BlottedText {
  readonly path: YamlPath;
  readonly filled: string;
  readonly shown: string;
}

/** `${env:NAME}`, `${env:NAME:-default}`, `${file:path}`; `${secret:...}` is refused. */
const reference = /\$\{(env|file|secret):([^}]*)\}/g;

/** Replaces the references in all texts of a value. Keys and other templates are left alone. */
export async function interpolate(source: YamlFile, surroundings: Surroundings): Promise<Interpolated> {
  const secrets = new Set<string>();
  const blotted: BlottedText[] = [];
  const problems: Problem[] = [];
  const walk = async (value: unknown, path: YamlPath): Promise<unknown> => {
    if (isResource(path)) return value;
    if (typeof value === 'string') return fill(value, path);
    if (Array.isArray(value)) return Promise.all(value.map((item, index) => walk(item, [...path, index])));
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value).map(
      async ([key, item]) => [key, await walk(item, [...path, key])] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  };
  const fill = async (text: string, path: YamlPath): Promise<string> => {
    const parts: string[] = [];
    const shown: string[] = [];
    let end = 0;
    const add = (part: string, asShown = part): void => {
      parts.push(part);
      shown.push(asShown);
    };
    for (const match of text.matchAll(reference)) {
      const found = await valueOf(match[1] ?? '', match[2] ?? '', surroundings);
      if ('problem' in found) problems.push({ ...found.problem, place: source.placeOf(path) });
      const isSecret = 'value' in found && found.secret && found.value !== '';
      if (isSecret) secrets.add(found.value);
      add(text.slice(end, match.index));
      if ('value' in found) add(found.value, isSecret ? '[redacted]' : found.value);
      end = match.index + match[0].length;
    }
    add(text.slice(end));
    const filled = parts.join('');
    if (filled !== shown.join('')) blotted.push({ path, filled, shown: shown.join('') });
    return filled;
  };
  const value = await walk(source.value, []);
  return { value, secrets: [...secrets], blotted, problems };
}

type Found = { readonly value: string; readonly secret: boolean } | { readonly problem: Problem };

async function valueOf(kind: string, argument: string, surroundings: Surroundings): Promise<Found> {
  if (kind === 'env') return envValue(argument, surroundings);
  if (kind === 'secret')
    return {
      problem: {
        message: '${secret:...} is not built yet in this version',
        hint: 'pass it with ${env:NAME}',
      },
    };
  const text = await readText(surroundings.resolve(argument.trim()));
  // Editors end a file with a line break that is not part of the secret.
  return text.ok
    ? { value: text.value.replace(/\r?\n$/, ''), secret: true }
    : { problem: { message: text.why } };
}

/** As in a shell, `:-` gives the default of a variable that is unset or empty. */
function envValue(argument: string, { env }: Surroundings): Found {
  const [, name = '', fallback] = /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*(?::-([^]*))?$/.exec(argument) ?? [];
  if (name === '')
    return {
      problem: {
        message: `\${env:${argument}} names no environment variable`,
        hint: 'write ${env:NAME} or ${env:NAME:-default}',
      },
    };
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (fallback !== undefined && (value === undefined || value === ''))
    return { value: fallback, secret: false };
  if (value !== undefined) return { value, secret: true };
  return {
    problem: {
      message: `the environment variable ${name} is not set`,
      hint: `set it, or give a default: \${env:${name}:-default}`,
    },
  };
}
