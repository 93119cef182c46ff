import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Conversation, type ConversationStep } from '../../src/link/conversation.ts';
import {
  authenticationOk,
  cancelRequest,
  cut,
  errorResponse,
  frame,
  gssRequest,
  readyForQuery,
  sslRequest,
  startupMessage,
} from './wire.ts';

type Turn = readonly ['client' | 'server', Buffer];

const hello = startupMessage({ user: 'app', database: 'shop', application_name: 'api/i1' });
const opened = { kind: 'startup', role: 'app', applicationName: 'api/i1' };
const welcome = Buffer.concat([
  authenticationOk(),
  frame('S', Buffer.from('TimeZone\0UTC\0')),
  readyForQuery(),
]);

function follow(
  turns: readonly Turn[],
  places: readonly number[] = [],
  onTransaction = (): void => undefined,
): readonly ConversationStep[] {
  const steps: ConversationStep[] = [];
  const conversation = new Conversation((step) => steps.push(step), onTransaction);
  for (const [side, bytes] of turns) {
    for (const chunk of cut(bytes, places)) {
      if (side === 'client') conversation.fromClient(chunk);
      else conversation.fromServer(chunk);
    }
  }
  return steps;
}

test('a session is the first ReadyForQuery, and only the first', () => {
  const turns: Turn[] = [
    ['client', hello],
    ['server', Buffer.concat([welcome, readyForQuery()])],
  ];
  expect(follow(turns)).toEqual([opened, { kind: 'session' }]);
});

test('AuthenticationOk alone is no session: a reserved slot is refused after it', () => {
  const refusal = errorResponse('53300', 'remaining connection slots are reserved');
  const turns: Turn[] = [
    ['client', hello],
    ['server', Buffer.concat([authenticationOk(), refusal])],
  ];
  expect(follow(turns)).toEqual([
    opened,
    { kind: 'refused', sqlstate: '53300', message: 'remaining connection slots are reserved' },
  ]);
});

test('an error in a running session is none of the connection', () => {
  const turns: Turn[] = [
    ['client', hello],
    ['server', welcome],
    ['server', errorResponse('57P01', 'terminating connection')],
  ];
  expect(follow(turns)).toEqual([opened, { kind: 'session' }]);
});

test('a transaction is over with each ReadyForQuery outside of a block, however the bytes are cut', () => {
  const row = frame('D', Buffer.from('ZI'));
  const said = Buffer.concat([
    welcome, // the session; no transaction yet
    ...[row, frame('C'), readyForQuery('I')], // a statement by itself
    ...[readyForQuery('T'), row, readyForQuery('T'), readyForQuery('I')], // begin, a statement, commit
    ...[readyForQuery('T'), errorResponse('40001', 'no'), readyForQuery('E'), readyForQuery('I')], // rolled back
  ]);
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 40 }), (places) => {
      let transactions = 0;
      follow(
        [
          ['client', hello],
          ['server', said],
        ],
        places,
        () => (transactions += 1),
      );
      expect(transactions).toBe(3);
    }),
  );
});

test('a client whose wish for encryption is declined goes on in clear', () => {
  const turns: Turn[] = [
    ['client', gssRequest()],
    ['server', Buffer.from('N')],
    ['client', sslRequest()],
    ['server', Buffer.from('N')],
    ['client', hello],
    ['server', welcome],
  ];
  expect(follow(turns)).toEqual([opened, { kind: 'session' }]);
});

test('behind an accepted encryption nothing is read', () => {
  const turns: Turn[] = [
    ['client', sslRequest()],
    ['server', Buffer.from('S')],
    ['client', hello],
    ['server', welcome],
  ];
  expect(follow(turns)).toEqual([{ kind: 'opaque' }]);
});

test('a server that answers the wish for encryption with an error has refused', () => {
  const turns: Turn[] = [
    ['client', sslRequest()],
    ['server', errorResponse('53300', 'sorry')],
  ];
  expect(follow(turns)).toEqual([{ kind: 'refused', sqlstate: '53300', message: 'sorry' }]);
});

test('TLS from the first byte is unreadable, a cancel request is told apart', () => {
  expect(follow([['client', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 252])]])).toEqual([{ kind: 'opaque' }]);
  expect(follow([['client', cancelRequest()]])).toEqual([{ kind: 'cancel' }]);
});

test('a later minor version of the protocol is read the same', () => {
  expect(follow([['client', startupMessage({ user: 'app' }, 2)]])).toEqual([
    { kind: 'startup', role: 'app', applicationName: null },
  ]);
});

test('the steps do not depend on how the bytes are cut', () => {
  const turns: Turn[] = [
    ['client', sslRequest()],
    ['server', Buffer.from('N')],
    ['client', hello],
    ['server', Buffer.concat([authenticationOk(), errorResponse('28P01', 'no')])],
  ];
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 40 }), (places) => {
      expect(follow(turns, places)).toEqual(follow(turns));
    }),
  );
});

test('never throws, whatever both sides say', () => {
  const turn = fc.tuple(fc.constantFrom('client' as const, 'server' as const), fc.uint8Array());
  fc.assert(
    fc.property(
      fc.array(turn),
      (turns) => void follow(turns.map(([side, bytes]) => [side, Buffer.from(bytes)])),
    ),
  );
});
