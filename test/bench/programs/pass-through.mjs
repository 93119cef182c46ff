// The least that a proxy on Node can be: bytes from one socket to the other, nothing looked at. As link.mjs.
import { connect, createServer } from 'node:net';

const upstream = { host: '127.0.0.1', port: Number(process.argv[2]) };

const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
  const database = connect({ ...upstream, noDelay: true, allowHalfOpen: true });
  for (const [source, sink] of [
    [client, database],
    [database, client],
  ]) {
    source.on('data', (chunk) => sink.write(chunk));
    source.on('end', () => sink.end());
    source.on('error', () => sink.destroy());
  }
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
