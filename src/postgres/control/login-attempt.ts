import { messageOf } from '../../base/errors.ts';
import { connect, sqlstateOf } from '../connect.ts';
import { disconnect } from '../disconnect.ts';
import type { Login } from '../postgres-server.ts';

const timeoutMs = 2000;

export type LoginResult =
  | { readonly kind: 'in' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'no answer' };

/** Logs in and out again. */
export async function tryLogin(login: Login): Promise<LoginResult> {
  try {
    await disconnect(await connect(login, { timeoutMs }));
    return { kind: 'in' };
  } catch (error) {
    const sqlstate = sqlstateOf(error);
    if (sqlstate !== null) return { kind: 'refused', why: sqlstate };
    const why = messageOf(error);
    return /timeout/i.test(why) ? { kind: 'no answer' } : { kind: 'refused', why };
  }
}
