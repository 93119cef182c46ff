import { Pool } from 'undici';

/** Well below the keep-alive time of any usual server: a connection that it is about to close is not used. */
const keepAliveMs = 1000;

/** Connections to an instance: one for each request in flight, made when it is needed. */
export function makeInstancePool(host: string, port: number): Pool {
  return new Pool(`http://${host}:${port}`, {
    // The fleet counts places; a second limit here would only hide a request in a queue of undici's.
    connections: null,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepAliveMs,
  });
}
