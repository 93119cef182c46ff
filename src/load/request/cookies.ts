import { Cookie, CookieJar, MemoryCookieStore } from 'tough-cookie';

/** The cookies of every simulated client, each kept as by a browser of its own (RFC 6265). */
export interface CookieJars {
  /** The Cookie header for a request to the URL; null where the client has no cookie for it. */
  headerFor(client: number, url: string): string | null;
  /** Stores the Set-Cookie headers of an answer from the URL. Malformed and third-party cookies are left out. */
  store(client: number, url: string, setCookie: readonly string[]): void;
}

/**
 * The most that a client keeps, so that a service with a new cookie name in each answer can't fill the memory: the
 * minimum that RFC 6265 (6.1) asks for. Beyond it the oldest cookie goes.
 */
const mostCookies = 50;
const mostBytes = 4096;

/** Starts without cookies. A client takes no memory before its first one. */
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
  /** The stored cookies, oldest first, by domain, path and name. */
  readonly kept: Map<string, Cookie>;
}

function makeJar(): Jar {
  const store = new MemoryCookieStore();
  // The emulator speaks plain HTTP on loopback, but services made for HTTPS mark their cookies Secure.
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
