import type { Problem } from '../base/errors.ts';
import type { YamlFile } from '../base/yaml.ts';
import { readDatabaseUrl } from './database-url.ts';
import type { ScenarioFile } from './scenario-file.ts';

/** As a word of its own: `orders-prod`, `live_eu`, `production`, but not `reproduce` or `delivery`. */
const production = /(?:^|[^a-z])(?:prod|prd|production|live)(?:$|[^a-z])/i;

const keys = ['url', 'monitor_url', 'headroom_url', 'admin_url'] as const;

/** Hosts that are denied, and servers that look like production and that nobody has named in so many words. */
export function checkHosts({ postgres, safety }: ScenarioFile, source: YamlFile): readonly Problem[] {
  const allowed = safety?.allow_hosts ?? [];
  const denied = safety?.deny_hosts ?? [];
  return keys.flatMap((key): readonly Problem[] => {
    const url = readDatabaseUrl(postgres?.[key] ?? '');
    if (!url.ok) return [];
    const { host, database } = url.value;
    const place = source.placeOf(['postgres', key]);
    if (isDenied(host, denied))
      return [{ message: `postgres.${key} is on ${host}, which safety.deny_hosts forbids`, place }];
    const telling = [host, database].find((name) => production.test(name));
    if (telling === undefined || allowed.includes(host)) return [];
    const message = `postgres.${key} looks like production: "${telling}"`;
    const hint = `if this is meant, name the host: safety: { allow_hosts: [127.0.0.1, ${host}] }`;
    return [{ message, place, hint }];
  });
}

/** `db.example.com`, or `*.example.com` for all below it. */
export function isDenied(host: string, denied: readonly string[]): boolean {
  const name = host.toLowerCase();
  return denied.some((one) => {
    const rule = one.toLowerCase();
    return rule.startsWith('*.') ? name.endsWith(rule.slice(1)) : name === rule;
  });
}
