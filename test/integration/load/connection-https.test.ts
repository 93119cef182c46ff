import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { headerList } from '../../../src/load/request/http-request.ts';
import type { Connection, WireEnd } from '../../../src/load/transport.ts';
import { makeTransport } from '../../../src/load/wire/make-transport.ts';
import { describeConnection } from '../../cases/connection-cases.ts';
import { startScripted, type ScriptedServer } from '../../cases/connection-server.ts';
import { makeAuthority, makeCertificate, type Certificate } from '../../support/certificates.ts';
import { hasPrograms } from '../../support/has-programs.ts';

const suite = 'connection: https';
const clock = makeRunClock();
const small = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe.skipIf(!hasPrograms(suite, ['openssl']))(suite, () => {
  let folder: string;
  let authority: Certificate;
  let localhost: Certificate;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'poolproof-https-'));
    authority = makeAuthority(folder, 'authority');
    localhost = makeCertificate(folder, 'localhost', authority);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const serve = async (certificate: Certificate): Promise<ScriptedServer> => {
    const server = await startScripted((_, socket) => void socket.write(small), certificate);
    onTestFinished(() => server.stop());
    return server;
  };
  const ask = async (address: string, ca: Certificate | null): Promise<[WireEnd, Connection]> => {
    const trusted = ca === null ? {} : { ca: readFileSync(ca.cert, 'utf8') };
    const connection = (
      await makeTransport(address, { clock, connections: 'keep_alive', ...trusted })
    ).connect();
    onTestFinished(() => connection.destroy());
    const end = await new Promise<WireEnd>((resolve) => {
      connection.onEnd = resolve;
      const plain = { method: 'GET', path: '/', extra: [], body: null, keepBytes: 0 };
      connection.send({ ...plain, headers: headerList([]) });
    });
    return [end, connection];
  };

  describeConnection('with a certificate of an authority given', {
    certificate: () => localhost,
    make: (address, setting) =>
      makeTransport(address, { ...setting, ca: readFileSync(authority.cert, 'utf8') }),
    isUndici: true,
  });

  test('broken: nobody who is trusted signed the certificate', async () => {
    const { address, seen } = await serve(localhost);
    const [end, connection] = await ask(address, null);
    expect([end, connection.brokenBy]).toEqual(['broken', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']);
    expect(seen).toEqual([]);
  });

  test('broken: the certificate is for another name', async () => {
    const { address, seen } = await serve(makeCertificate(folder, 'elsewhere.example', authority));
    const [end, connection] = await ask(address, authority);
    expect([end, connection.brokenBy]).toEqual(['broken', 'ERR_TLS_CERT_ALTNAME_INVALID']);
    expect(seen).toEqual([]);
  });

  test('resumes the TLS session of an earlier connection', async () => {
    const { address, open } = await serve(localhost);
    const ca = readFileSync(authority.cert, 'utf8');
    const transport = await makeTransport(address, { clock, connections: 'keep_alive', ca });
    const resumed: boolean[] = [];
    for (let nth = 0; nth < 2; nth += 1) {
      const connection = transport.connect();
      const plain = { method: 'GET', path: '/', extra: [], body: null, keepBytes: 0 };
      const ended = new Promise((resolve) => (connection.onEnd = resolve));
      connection.send({ ...plain, headers: headerList([]) });
      await ended;
      for (const socket of open)
        resumed.push((socket as unknown as { isSessionReused(): boolean }).isSessionReused());
      connection.destroy();
      await until(() => open.size === 0);
    }
    expect(resumed).toEqual([false, true]);
  });

  test('trusts what NODE_EXTRA_CA_CERTS names; undici is loaded for https alone', async () => {
    const { address } = await serve(localhost);
    const program = `
      import { createRequire } from 'node:module';
      import { makeRunClock } from '#dist/base/clock.js';
      import { headerList } from '#dist/load/request/http-request.js';
      import { makeTransport } from '#dist/load/wire/make-transport.js';
      const setting = { clock: makeRunClock(), connections: 'keep_alive' };
      const loaded = () => Object.keys(createRequire(process.cwd() + '/x.js').cache).some((file) => /undici/.test(file));
      await makeTransport('http://127.0.0.1:1', setting);
      const before = loaded();
      const connection = (await makeTransport('${address}', setting)).connect();
      connection.onEnd = (end) => {
        console.log(JSON.stringify([before, loaded(), end, connection.brokenBy]));
        connection.destroy();
      };
      connection.send({ method: 'GET', path: '/', headers: headerList([]), extra: [], body: null, keepBytes: 0 });
    `;
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: authority.cert };
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      env,
    });
    expect(JSON.parse(stdout)).toEqual([false, true, 'answered', null]);
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !holds(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
}
