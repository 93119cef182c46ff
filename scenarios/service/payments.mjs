// A stand-in for the payment provider that the orders API calls: a real HTTP call, slow on purpose.
import http from 'node:http';

/** Starts the provider on a port of its own and returns how to call it. */
export async function startPayments(delayMs) {
  const server = http.createServer((request, response) => {
    setTimeout(() => response.end('charged'), delayMs);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  const agent = new http.Agent({ keepAlive: true });

  const charge = () =>
    new Promise((charged, failed) => {
      const request = http.get({ host: '127.0.0.1', port, agent }, (response) => {
        response.resume().on('end', charged).on('error', failed);
      });
      request.on('error', failed);
    });

  const close = () => {
    agent.destroy();
    server.close();
  };
  return { charge, close };
}
