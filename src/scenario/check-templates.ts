import type { Problem } from '../base/errors.ts';
import type { YamlFile, YamlPath } from '../base/yaml.ts';
import { filledKeys } from './requests/request-codec.ts';
import { isResource } from './target/targets.ts';
import { templateProblems } from './requests/template.ts';
import { textsOf } from './language/texts.ts';

/** Refuses templates that are wrong, or that stand where nothing fills them. */
export function checkTemplates(value: unknown, source: YamlFile): readonly Problem[] {
  return textsOf(value, [])
    .filter(({ path }) => !isResource(path))
    .flatMap(({ text, path }) => problemsAt(text, path, source));
}

/** What the emulator fills in for every instance: its own port, and the port of each name. */
const ports = /\$\{(?:PORT|port|port:[A-Za-z0-9._-]+)\}/g;

function problemsAt(given: string, path: YamlPath, source: YamlFile): readonly Problem[] {
  const text = isForInstances(path) ? given.replace(ports, '') : given;
  if (!text.includes('${')) return [];
  const place = source.placeOf(path);
  const name = path.join('.');
  const key = path[0] === 'requests' ? String(path[2]) : '';
  if (filledKeys.includes(key))
    return templateProblems(text, key === 'json' ? 'json' : 'elsewhere').map((problem) => ({
      message: `${name}: ${problem}`,
      place,
    }));
  return [
    {
      message: `${name}: \${...} is not filled here`,
      place,
      hint: isForInstances(path)
        ? '${port:NAME}, ${env:NAME} and ${file:path} work here'
        : 'templates work in the path, the headers and the body of requests; ${env:NAME} and ${file:path} work everywhere',
    },
  ];
}

/** Whether a text belongs to a command or an environment, of a service or of a revision deployed later. */
function isForInstances(path: YamlPath): boolean {
  const [first, second] = path;
  const isProgram = path.includes('command') || path.includes('env');
  return isProgram && ((first === 'target' && second === 'local') || first === 'chaos');
}
