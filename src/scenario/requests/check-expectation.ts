import { messageOf, type Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import { compileJsonPath } from './json-path.ts';
import type { RequestInFile } from './request-file.ts';

/** What no shape can say of `expect`: paths that are some, and a body where there can be one. */
export function checkExpectation(
  { head, expect }: RequestInFile,
  path: YamlPath,
  source: YamlFile,
): readonly Problem[] {
  const at: YamlPath = [...path, 'expect'];
  const wanted = ['json', ...(expect?.body_not_empty === true ? ['body_not_empty'] : [])];
  const ofBody = Object.keys(expect ?? {}).filter((key) => wanted.includes(key));
  return [
    ...(head === undefined ? [] : ofBody).map((key) => ({
      message: `the answer to a head request has no body: ${key} can't hold`,
      place: source.placeOfKey([...at, key]),
    })),
    ...jsonProblems(expect?.json ?? [], [...at, 'json'], source),
  ];
}

type JsonInFile = NonNullable<NonNullable<RequestInFile['expect']>['json']>;

function jsonProblems(given: JsonInFile, at: YamlPath, source: YamlFile): readonly Problem[] {
  const paths = Array.isArray(given)
    ? given.map((text, index) => ({ text, place: source.placeOf([...at, index]) }))
    : Object.keys(given).map((text) => ({ text, place: source.placeOfKey([...at, text]) }));
  return paths.flatMap(({ text, place }) => {
    const why = jsonPathProblem(text);
    const hint = 'such as $.id, $.items[0].id or $.items[*].id';
    return why === undefined
      ? []
      : [{ message: `${at.join('.')}: "${text}" is no JSONPath: ${why}`, place, hint }];
  });
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
