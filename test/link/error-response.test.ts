import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readErrorResponse } from '../../src/link/error-response.ts';
import { errorResponse } from './wire.ts';

const payloadOf = (message: Buffer): Buffer => message.subarray(5);

test('reads the SQLSTATE and the message', () => {
  expect(readErrorResponse(payloadOf(errorResponse('53300', 'sorry, too many clients already')))).toEqual({
    sqlstate: '53300',
    message: 'sorry, too many clients already',
  });
});

test('reads what is whole of a payload that was cut short', () => {
  const payload = payloadOf(errorResponse('28P01', 'password authentication failed'));
  const cutInMessage = payload.subarray(0, payload.indexOf('password') + 4);
  expect(readErrorResponse(cutInMessage)).toEqual({ sqlstate: '28P01', message: '' });
});

test('never throws, whatever the bytes are', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void readErrorResponse(Buffer.from(bytes))));
});
