import { Cookie, CookieJar, MemoryCookieStore } from 'tough-cookie';

/** The cookies of every simulated client, as a browser of its own would keep them (RFC 6265). */
export interface CookieJars {
  /** What the client sends with a request for the URL; null where it has no cookie for it. */
  headerFor(client: number, url: string): string | null;
  /** Takes in the Set-Cookie headers of an answer to the URL. One that is malformed or foreign is left out. */
  store(client: number, url: string, setCookie: readonly string[]): void;
}

/**
 * What a client keeps at most, so that a service that names a new cookie in each answer can't fill the memory:
 * the least that RFC 6265 asks of clients (6.1). Beyond it the oldest goes.
 */
const mostCookies = 50;
const mostBytes = 4096;

/** Starts with no cookies. A client costs memory from its first cookie on. */
export function makeCookieJars(): CookieJars {
  const jars = new Map<number, Jar>();
  return {
    headerFor: (client, url) => {
      const header = jars.get(client)?.cookies.getCookieStringSync(url) ?? '';
      return header === '' ? null : header;
    },
    store: (client, url, setCookie) => {
      for (const line of setCookie) {
        const cookie = line.length <= mostBytes ? Cookie.parse(line) : undefined;
        if (cookie === undefined) continue;
        const jar = jars.get(client) ?? makeJar();
        jars.set(client, jar);
        keep(jar, cookie, url);
      }
    },
  };
}

interface Jar {
  readonly cookies: CookieJar;
  readonly store: MemoryCookieStore;
  /** What was taken in, the oldest first, by what tells cookies apart. */
  readonly kept: Map<string, Cookie>;
}

function makeJar(): Jar {
  const store = new MemoryCookieStore();
  // The emulator speaks plain HTTP on loopback, and a service that is made for HTTPS marks its cookies Secure.
  const cookies = new CookieJar(store, { allowSecureOnLocal: true });
  return { cookies, store, kept: new Map() };
}

function keep({ cookies, store, kept }: Jar, cookie: Cookie, url: string): void {
  const stored = cookies.setCookieSync(cookie, url, { ignoreError: true });
  if (stored === undefined) return;
  const id = idOf(stored);
  kept.delete(id);
  kept.set(id, stored);
  const [oldest] = kept;
  if (kept.size <= mostCookies || oldest === undefined) return;
  const [oldestId, { domain, path, key }] = oldest;
  kept.delete(oldestId);
  store.removeCookie(domain ?? '', path ?? '/', key, () => undefined);
}

function idOf({ domain, path, key }: Cookie): string {
  return `${domain ?? ''};${path ?? ''};${key}`;
}
