import { expect, test } from 'vitest';
import { noDocker, notMade, startFailure } from '../../src/docker/docker-problem.ts';

const socket = { address: '/var/run/docker.sock' };
const answer = (statusCode: number, message: string) =>
  Object.assign(new Error(`(HTTP code ${statusCode})`), { statusCode, json: { message } });

test('a missing socket, a forbidden one and a silent one are told apart', () => {
  const said = ['ENOENT', 'EACCES', 'ECONNREFUSED'].map(
    (code) => noDocker(Object.assign(new Error(`connect ${code}`), { code, ...socket })).problems[0],
  );
  expect(said.map((problem) => problem?.message)).toEqual([
    'Docker does not answer: no socket at /var/run/docker.sock',
    'not allowed to use Docker (/var/run/docker.sock)',
    'Docker does not answer: connect ECONNREFUSED',
  ]);
  expect(said[1]?.hint).toContain('the group docker');
});

test('an image that is missing comes with the command that fetches it', () => {
  const { problems } = notMade(answer(404, 'No such image: shop:7'), 'shop:7');
  expect(problems).toEqual([
    {
      message: 'the image shop:7 is not on this machine',
      hint: 'docker pull shop:7 fetches it; docker image ls shows those that are here',
    },
  ]);
});

test("anything else that Docker refuses is in Docker's own words, on one line", () => {
  const { problems } = notMade(answer(400, 'invalid mount:\n  no such folder'), 'shop:7');
  expect(problems.map(({ message }) => message)).toEqual([
    "Docker can't make a container from shop:7: invalid mount: no such folder",
  ]);
});

test('a program that can not be run has the code that a process would have', () => {
  const runc = 'failed to create shim task: exec: "x":';
  expect(startFailure(answer(400, `${runc} executable file not found in $PATH`))).toBe('ENOENT');
  expect(startFailure(answer(400, `${runc} stat /app/x: no such file or directory`))).toBe('ENOENT');
  expect(startFailure(answer(400, `${runc} permission denied`))).toBe('EACCES');
  expect(startFailure(answer(500, 'no space left on device'))).toBe('no space left on device');
});
