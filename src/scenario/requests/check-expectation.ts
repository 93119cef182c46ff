import { messageOf, type Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import { compileJsonPath } from './json-path.ts';
import type { RequestInFile } from './request-codec.ts';
import type { JsonCheck } from './request-spec.ts';

/** What no shape can say of `expect`: JSONPaths that parse, and a body only where there can be one. */
export function checkExpectation(
  { head, expect }: RequestInFile,
  path: YamlPath,
  source: YamlFile,
): readonly Problem[] {
  if (expect === undefined) return [];
  const at: YamlPath = [...path, 'expect'];
  const ofBody = [
    ...(expect.json.length > 0 ? ['json'] : []),
    ...(expect.bodyNotEmpty ? ['body_not_empty'] : []),
  ];
  return [
    ...(head === undefined ? [] : ofBody).map((key) => ({
      message: `the answer to a head request has no body: ${key} can't hold`,
      place: source.placeOfKey([...at, key]),
    })),
    ...expect.json.flatMap((check, index) => jsonProblems(check, index, [...at, 'json'], source)),
  ];
}

/** Paths alone are the items of a list; those with a value are the keys of a map. */
function jsonProblems(
  { path, is }: JsonCheck,
  index: number,
  at: YamlPath,
  source: YamlFile,
): readonly Problem[] {
  const why = jsonPathProblem(path);
  if (why === undefined) return [];
  const place = is === null ? source.placeOf([...at, index]) : source.placeOfKey([...at, path]);
  const hint = 'such as $.id, $.items[0].id or $.items[*].id';
  return [{ message: `${at.join('.')}: "${path}" is not a JSONPath: ${why}`, place, hint }];
}

function jsonPathProblem(path: string): string | undefined {
  if (!path.startsWith('$')) return 'it must begin with "$"';
  try {
    compileJsonPath(path);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
