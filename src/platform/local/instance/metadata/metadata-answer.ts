import { hashString } from '../../../../base/random.ts';

/** What the metadata server tells an instance about itself. */
export interface MetadataFacts {
  readonly project: string;
  readonly location: string;
  readonly instance: string;
  /** Where the server listens. */
  readonly port: number;
  /** What it is called besides metadata.google.internal: its address, and the names of that address. */
  readonly names: readonly string[];
  /** Seconds since 1970. */
  readonly nowSec: () => number;
}

export interface MetadataRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface MetadataAnswer {
  readonly status: number;
  readonly type: 'application/text' | 'application/json' | 'text/html';
  readonly body: string;
}

/** A folder of the tree, or the value at a path. */
type Node = string | ((query: URLSearchParams) => MetadataAnswer) | { readonly [name: string]: Node };

const root = '/computeMetadata/v1';
const tokenLifeSec = 3599;

/**
 * Answers as Google's metadata server does. It hands out tokens, even if they are worth nothing anywhere else:
 * like the real one it requires the header that no browser sends, and it refuses a request that came for another
 * host, from a page, or through a proxy.
 */
export function metadataAnswer(request: MetadataRequest, facts: MetadataFacts): MetadataAnswer {
  const refusal = refusalOf(request, facts);
  if (refusal !== null) return refusal;
  const base = 'http://metadata.google.internal';
  // Such as `//`.
  if (!URL.canParse(request.url, base)) return notFound();
  const { pathname, searchParams } = new URL(request.url, base);
  // What client libraries ask first, to see whether there is such a server.
  if (pathname === '/') return text('computeMetadata/\n');
  if (pathname !== root && !pathname.startsWith(`${root}/`)) return notFound();
  const names = pathname
    .slice(root.length)
    .split('/')
    .filter((name) => name !== '');
  const found = names.reduce<Node | undefined>(childOf, treeOf(facts));
  if (found === undefined) return notFound();
  if (typeof found === 'string') return text(found);
  if (typeof found === 'function') return found(searchParams);
  if (searchParams.get('recursive')?.toLowerCase() === 'true') return json(recursive(found));
  return text(Object.entries(found).map(listed).join(''));
}

function refusalOf(
  { method, headers }: MetadataRequest,
  { port, names }: MetadataFacts,
): MetadataAnswer | null {
  if (method !== 'GET') return { status: 405, type: 'text/html', body: 'only GET is answered\n' };
  const host = String(headers['host'] ?? '').toLowerCase();
  const known = [...names, 'metadata.google.internal'].map((name) => `${name}:${port}`);
  if (host !== 'metadata.google.internal' && !known.includes(host))
    return forbidden(`not the metadata server of ${host}`);
  if (headers['origin'] !== undefined) return forbidden('a request of a page is not answered');
  if (headers['x-forwarded-for'] !== undefined) return forbidden('a forwarded request is not answered');
  if (headers['metadata-flavor'] !== 'Google')
    return forbidden('missing the header "Metadata-Flavor: Google"');
  return null;
}

function treeOf({ project, location, instance, nowSec }: MetadataFacts): Node {
  const number = projectNumber(project);
  const email = `${number}-compute@developer.gserviceaccount.com`;
  const account: Node = {
    aliases: 'default\n',
    email,
    identity: (query) => identity(query, email, nowSec()),
    scopes: 'https://www.googleapis.com/auth/cloud-platform\n',
    token: () =>
      json({ access_token: 'poolproof-local-token', expires_in: tokenLifeSec, token_type: 'Bearer' }),
  };
  return {
    instance: {
      id: instance,
      region: `projects/${number}/regions/${location}`,
      'service-accounts': { default: account, [email]: account },
      zone: `projects/${number}/zones/${location}-1`,
    },
    project: { 'numeric-project-id': number, 'project-id': project },
    universe: { 'universe-domain': 'googleapis.com' },
  };
}

/** Twelve digits, always the same for the same project. */
function projectNumber(project: string): string {
  return String(100_000_000_000 + hashString(project));
}

/** An ID token whose header says that it is unsigned. */
function identity(query: URLSearchParams, email: string, nowSec: number): MetadataAnswer {
  const audience = query.get('audience');
  if (audience === null || audience === '')
    return { status: 400, type: 'text/html', body: 'non-empty audience parameter required\n' };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    aud: audience,
    azp: email,
    email,
    email_verified: true,
    exp: nowSec + tokenLifeSec,
    iat: nowSec,
    iss: 'poolproof-local',
    sub: email,
  };
  return {
    status: 200,
    type: 'text/html',
    body: `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.local`,
  };
}

function childOf(node: Node | undefined, name: string): Node | undefined {
  return typeof node === 'object' && Object.hasOwn(node, name) ? node[name] : undefined;
}

/** A folder is listed with a slash. */
function listed([name, node]: readonly [string, Node]): string {
  return typeof node === 'object' ? `${name}/\n` : `${name}\n`;
}

/** Names in camel case, lists as lists; what is made on request is left out. */
function recursive(node: Node): unknown {
  if (typeof node === 'string') return node.endsWith('\n') ? node.trimEnd().split('\n') : node;
  if (typeof node === 'function') return undefined;
  return Object.fromEntries(Object.entries(node).map(([name, child]) => [camelCase(name), recursive(child)]));
}

function camelCase(name: string): string {
  return name.includes('@') ? name : name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

const text = (body: string): MetadataAnswer => ({ status: 200, type: 'application/text', body });
const json = (value: unknown): MetadataAnswer => ({
  status: 200,
  type: 'application/json',
  body: JSON.stringify(value),
});
const notFound = (): MetadataAnswer => ({ status: 404, type: 'text/html', body: 'not found\n' });
const forbidden = (why: string): MetadataAnswer => ({ status: 403, type: 'text/html', body: `${why}\n` });
