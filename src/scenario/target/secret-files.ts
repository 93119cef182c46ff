import { resolve as absolute } from 'node:path';
import type { Problem } from '../../base/errors.ts';
import { readText } from '../../base/load-yaml.ts';
import { nearest } from '../../base/nearest.ts';
import { secretsOf } from '../../contract/cloud-run/import-resource.ts';
import type { ServiceImport } from '../../contract/cloud-run/import-service.ts';
import type { ServiceResource } from '../../contract/cloud-run/service-resource.ts';
import { neededSecrets } from './local-resource.ts';
import type { Where } from './where.ts';

/** The files that hold a service's secrets. */
export interface SecretFiles {
  /** By the secret's name; absolute. */
  readonly files: Readonly<Record<string, string>>;
  /** What stands in them, which may never be shown. */
  readonly values: readonly string[];
  readonly problems: readonly Problem[];
}

/** What is known of a service's secrets. */
export interface SecretOrders {
  /** As the service will run: a variable that the scenario sets needs no secret any more. */
  readonly resource: ServiceResource;
  readonly hasDatabase: boolean;
  /** The files are meant for other services too: one that this service does not ask for is no slip. */
  readonly isShared: boolean;
  readonly imported: ServiceImport | undefined;
  readonly given: Readonly<Record<string, string>>;
  readonly where: Where;
  readonly resolve: (path: string) => string;
}

/** Checks that every secret that is needed has a file, and that every file is asked for. */
export async function readSecretFiles(orders: SecretOrders): Promise<SecretFiles> {
  const { given, where, resolve, resource, hasDatabase, isShared } = orders;
  const asked = secretsOf(resource);
  const read = await Promise.all(
    Object.entries(given).map(async ([name, path]) => ({
      name,
      file: absolute(resolve(path)),
      text: await readText(resolve(path)),
    })),
  );
  const unreadable = read.flatMap(({ name, text }) =>
    text.ok ? [] : [{ message: text.why, ...where.at(['secrets', name]) }],
  );
  return {
    files: Object.fromEntries(
      read.filter(({ name }) => asked.includes(name)).map(({ name, file }) => [name, file]),
    ),
    values: read.flatMap(({ text }) => (text.ok ? valuesIn(text.value) : [])),
    problems: [
      ...unreadable,
      ...missing(neededSecrets(resource, hasDatabase), orders),
      ...(isShared ? [] : unwanted(asked, orders)),
    ],
  };
}

/** Without the line break at its end, which a service may cut off before it shows the value. */
function valuesIn(text: string): readonly string[] {
  return [text.trimEnd()].filter((value) => value !== '');
}

function missing(wanted: readonly string[], { given, imported, where }: SecretOrders): readonly Problem[] {
  return wanted
    .filter((name) => !Object.hasOwn(given, name))
    .map((name) => {
      const place = imported?.secrets.find(({ value }) => value === name)?.place;
      return {
        message: `the secret "${name}" has no file here`,
        ...(place === undefined ? where.at([]) : { place }),
        hint: `name one under secrets: { ${name}: ./path/to/its/value }`,
      };
    });
}

function unwanted(wanted: readonly string[], { given, where }: SecretOrders): readonly Problem[] {
  return Object.keys(given)
    .filter((name) => !wanted.includes(name))
    .map((name) => {
      const near = nearest(name, wanted);
      const asked = wanted.length === 0 ? 'none is asked for' : `asked for: ${wanted.join(', ')}`;
      return {
        message: `no container and no volume asks for the secret "${name}"`,
        ...where.atKey(['secrets', name]),
        hint: near === undefined ? asked : `did you mean "${near}"?`,
      };
    });
}
