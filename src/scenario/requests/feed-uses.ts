import type { YamlFile } from '../../base/yaml.ts';
import type { FeedUse } from '../data/feed-use.ts';
import { textsOf } from '../language/texts.ts';
import { filledKeys, type RequestInFile } from './request-codec.ts';
import { callsOf } from './template.ts';

/** Everything that requests ask of feeds. */
export function feedUses(requests: readonly RequestInFile[], source: YamlFile): readonly FeedUse[] {
  return textsOf(requests, ['requests'])
    .filter(({ path }) => filledKeys.includes(String(path[2])))
    .flatMap(({ text, path }) =>
      callsOf(text).flatMap(({ data, asNumber }) => {
        if (data === null) return [];
        const as = path[2] === 'headers' ? 'header' : asNumber ? 'number' : 'text';
        return [{ ...data, as, name: path.join('.'), place: source.placeOf(path) } as const];
      }),
    );
}
