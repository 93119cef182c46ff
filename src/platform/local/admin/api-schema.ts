import { createRequire } from 'node:module';

/*
 * The types of the Admin API, read from the protocol description that the official client is built from: which
 * fields there are, which are enums, which only the platform writes. Nothing about them is typed in here.
 */

/** A message of the API. */
export interface MessageType {
  readonly name: string;
  /** A field by its JSON or its proto name; undefined where this version of the API knows none. */
  field(name: string): Field | undefined;
  readonly fields: readonly Field[];
}

export interface Field {
  /** In JSON: camelCase. */
  readonly name: string;
  readonly many: 'one' | 'list' | 'map';
  readonly kind: FieldKind;
  /** Whether unset differs from the default value. Where it does not, the default is never written. */
  readonly hasPresence: boolean;
  readonly outputOnly: boolean;
}

/** `any`: a message of any type, which its `@type` names. */
export type FieldKind =
  | { readonly kind: 'message'; readonly type: MessageType }
  | { readonly kind: 'enum'; readonly type: EnumType }
  | { readonly kind: 'scalar'; readonly scalar: Scalar }
  | { readonly kind: 'any' };

export type Scalar = 'string' | 'bool' | 'int32' | 'int64' | 'double' | 'timestamp' | 'duration' | 'other';

export interface EnumType {
  readonly name: string;
  readonly numberOf: Readonly<Record<string, number>>;
  readonly nameOf: ReadonlyMap<number, string>;
}

export interface ApiSchema {
  /** By its full name, such as `google.cloud.run.v2.Service`. */
  message(name: string): MessageType;
  /** Null where the description has no such message. */
  find(name: string): MessageType | null;
}

interface Description {
  readonly nested?: Readonly<Record<string, Description>>;
  readonly fields?: Readonly<Record<string, FieldDescription>>;
  readonly oneofs?: Readonly<Record<string, { readonly oneof: readonly string[] }>>;
  readonly values?: Readonly<Record<string, number>>;
}

interface FieldDescription {
  readonly type: string;
  readonly rule?: string;
  readonly keyType?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What protoc's scalars and well-known types are in JSON. */
const scalars: Readonly<Record<string, Scalar>> = {
  string: 'string',
  bool: 'bool',
  int32: 'int32',
  int64: 'int64',
  double: 'double',
  float: 'double',
  'google.protobuf.Timestamp': 'timestamp',
  'google.protobuf.Duration': 'duration',
};

/** The protocol description of the official client's package, as it is stored there. */
export function readProtocol(): object {
  return createRequire(import.meta.url)('@google-cloud/run/build/protos/protos.json') as object;
}

/** Reads the types from a protocol description; each message when it is first asked for. */
export function makeApiSchema(protocol: object = readProtocol()): ApiSchema {
  const root = protocol as Description;
  const messages = new Map<string, MessageType>();
  const find = (name: string): MessageType | null => {
    const known = messages.get(name);
    if (known !== undefined) return known;
    const found = lookUp(root, name);
    if (found?.fields === undefined) return null;
    const type = makeMessage(name, found, (word) => kindOf(root, name, word, find));
    messages.set(name, type);
    return type;
  };
  return {
    find,
    message: (name) => {
      const type = find(name);
      if (type === null) throw new Error(`the protocol description has no message ${name}`);
      return type;
    },
  };
}

function makeMessage(
  name: string,
  description: Description,
  kindOfWord: (word: string) => FieldKind,
): MessageType {
  const inOneof = new Set(Object.values(description.oneofs ?? {}).flatMap(({ oneof }) => oneof));
  const byName = new Map(
    Object.entries(description.fields ?? {}).map(([field, given]) => {
      const many = given.keyType !== undefined ? 'map' : given.rule === 'repeated' ? 'list' : 'one';
      const kind = kindOfWord(given.type);
      const hasPresence = inOneof.has(field) || kind.kind === 'message';
      const outputOnly = given.options?.['(google.api.field_behavior)'] === 'OUTPUT_ONLY';
      return [field, { name: field, many, kind, hasPresence, outputOnly } satisfies Field] as const;
    }),
  );
  return {
    name,
    fields: [...byName.values()],
    field: (word) => byName.get(word) ?? byName.get(camelCase(word)),
  };
}

/** `min_instance_count` as JSON has it. */
export function camelCase(word: string): string {
  return word.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

function kindOf(
  root: Description,
  scope: string,
  word: string,
  find: (name: string) => MessageType | null,
): FieldKind {
  if (word === 'google.protobuf.Any') return { kind: 'any' };
  const scalar = scalars[word];
  if (scalar !== undefined) return { kind: 'scalar', scalar };
  const name = resolve(root, scope, word);
  const found = name === null ? null : lookUp(root, name);
  if (name === null || found === null) return { kind: 'scalar', scalar: 'other' };
  if (found.values !== undefined) return { kind: 'enum', type: makeEnum(name, found.values) };
  // Looked up when used: a message may lead back to itself.
  return {
    kind: 'message',
    get type() {
      return find(name) ?? makeMessage(name, {}, () => ({ kind: 'any' }));
    },
  };
}

function makeEnum(name: string, numberOf: Readonly<Record<string, number>>): EnumType {
  return { name, numberOf, nameOf: new Map(Object.entries(numberOf).map(([word, code]) => [code, word])) };
}

/** A name is looked for in the message that uses it, then in everything around that, outwards. */
function resolve(root: Description, scope: string, word: string): string | null {
  const around = scope.split('.');
  for (let depth = around.length; depth >= 0; depth -= 1) {
    const name = [...around.slice(0, depth), word].join('.');
    if (lookUp(root, name) !== null) return name;
  }
  return null;
}

function lookUp(root: Description, name: string): Description | null {
  return name.split('.').reduce<Description | null>((current, step) => current?.nested?.[step] ?? null, root);
}
