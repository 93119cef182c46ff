import { expect, test } from 'vitest';
import { containerExit } from '../../../src/platform/local/docker/container-exit.ts';

test('a status above 128 is the signal that ended the first process', () => {
  const killed = { code: null, signal: 'SIGKILL', error: null };
  expect(containerExit({ statusCode: 137, outOfMemory: false })).toEqual(killed);
  expect(containerExit({ statusCode: 143, outOfMemory: false })).toEqual({ ...killed, signal: 'SIGTERM' });
});

test('other statuses are exit codes, also those above 128 that no signal has', () => {
  for (const statusCode of [0, 1, 127, 128, 255])
    expect(containerExit({ statusCode, outOfMemory: false })).toEqual({
      code: statusCode,
      signal: null,
      error: null,
    });
});

test('a first process that was killed for want of memory says so; a worker that was is no reason', () => {
  expect(containerExit({ statusCode: 137, outOfMemory: true }).error).toContain('out of memory');
  expect(containerExit({ statusCode: 0, outOfMemory: true }).error).toBeNull();
});
