import type { GoogleAuth } from 'google-auth-library';
import { within } from '../../base/deadline.ts';
import { EnvironmentError, messageOf } from '../../base/errors.ts';

/** An OpenID Connect token, which shows a service who its caller is. */
export interface IdToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** Where ID tokens come from. */
export interface IdTokens {
  /** A new token. Throws `EnvironmentError` where there is none. */
  get(): Promise<IdToken>;
}

/** What the library picks by Google's own rules: a key, or the metadata server. */
interface Provider {
  fetchIdToken(audience: string): Promise<unknown>;
}

/** Longer than the metadata server takes to start, shorter than a person would wait without a message. */
const limitMs = 20_000;

/**
 * ID tokens for an audience, such as the URL of a Cloud Run service, from the application default credentials:
 * the key that GOOGLE_APPLICATION_CREDENTIALS names, or the metadata server (GCE_METADATA_HOST).
 */
export function makeIdTokens(audience: string): IdTokens {
  let provider: Provider | null = null;
  const fetchToken = async (auth: GoogleAuth): Promise<IdToken> => {
    provider ??= (await auth.getIdTokenClient(audience)).idTokenProvider;
    return readIdToken(await provider.fetchIdToken(audience));
  };
  return {
    get: async () => {
      try {
        const google = await import('google-auth-library');
        // Tokens have no project, but without a name the library runs gcloud to look for one.
        const auth = new google.GoogleAuth({ projectId: 'none' });
        const token = await within(fetchToken(auth), limitMs, null);
        if (token === null) throw new Error(`no answer within ${limitMs / 1000} s`);
        return token;
      } catch (error) {
        const message = `no ID token for ${audience}: ${messageOf(error).split('\n')[0] ?? ''}`;
        throw new EnvironmentError([{ message, hint }], { cause: error });
      }
    },
  };
}

const hint =
  'set GOOGLE_APPLICATION_CREDENTIALS to the key of a service account, or run where there is a metadata server; a token of your own goes into headers: { authorization: "Bearer ${env:TOKEN}" }';

function readIdToken(token: unknown): IdToken {
  const claims = typeof token === 'string' ? claimsOf(token) : null;
  const expirySec = claims === null || typeof claims !== 'object' ? null : (claims as { exp?: unknown }).exp;
  if (typeof token !== 'string' || typeof expirySec !== 'number')
    throw new Error('the answer is not an ID token with an expiry time');
  return { token, expiresAtMs: expirySec * 1000 };
}

/** The middle of the three parts of a JWT (RFC 7519). */
function claimsOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
