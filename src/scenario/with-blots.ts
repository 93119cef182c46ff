import type { YamlPath } from '../base/yaml.ts';
import type { BlottedText } from './interpolate.ts';

/**
 * Puts the texts that hold secrets back as they may be shown, by where they stand: a short or numeric value can't be
 * found by what it is. Where the merged file has it at another place, the same text is looked for nearby.
 */
export function withBlots(file: unknown, blotted: readonly BlottedText[]): unknown {
  return blotted.reduce((shown, text) => blotAt(shown, text.path, text), file);
}

function blotAt(value: unknown, path: YamlPath, text: BlottedText): unknown {
  const [key, ...rest] = path;
  if (key === undefined || value === null || typeof value !== 'object') return blotLike(value, text);
  if (!Object.hasOwn(value, key)) return blotLike(value, text);
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === key ? blotAt(item, rest, text) : item));
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, item]) => [name, name === key ? blotAt(item, rest, text) : item]),
  );
}

function blotLike(value: unknown, text: BlottedText): unknown {
  if (Array.isArray(value)) return value.map((item) => blotLike(item, text));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, blotLike(item, text)]));
  return String(value) === text.filled ? text.shown : value;
}
