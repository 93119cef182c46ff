import type { YamlPath } from '../../base/yaml.ts';

/** A text with the way to it. */
export interface Text {
  readonly text: string;
  readonly path: YamlPath;
}

/** Every text in a value of any shape; keys are none. */
export function textsOf(value: unknown, path: YamlPath): readonly Text[] {
  if (typeof value === 'string') return [{ text: value, path }];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) =>
    textsOf(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** Whether a text is a number just as JSON writes it. */
export function isJsonNumber(text: string): boolean {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text);
}
