// What the service does. Each route gets `withSession`, the request's path and its own time keeping.
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from './refusal.mjs';
import { settings } from './settings.mjs';

/** Somebody else's API, which takes its time. */
export const callElsewhere = () => sleep(settings.callMs);

export async function work(withSession) {
  const { rows } = await withSession((session) =>
    session.query('select count(*)::int as orders, pg_sleep($1)::text as worked from orders', [
      settings.workMs / 1000,
    ]),
  );
  return { orders: rows[0].orders };
}

export async function readOrder(withSession, { pathname }) {
  const id = Number(pathname.slice('/orders/'.length));
  const { rows } = await withSession((session) =>
    session.query('select id, sku from orders where id = $1', [id]),
  );
  if (rows.length === 0) throw new Refusal(404, 'not_found');
  return { order: rows[0] };
}

/** The call comes first, so that no transaction waits for it. */
export async function placeOrder(withSession) {
  await callElsewhere();
  const { rows } = await withSession((session) =>
    session.query("insert into orders (sku) values ('new') returning id, sku"),
  );
  return { order: rows[0] };
}

export const routes = [
  { method: 'GET', path: /^\/work$/, handle: work },
  { method: 'GET', path: /^\/orders\/\d+$/, handle: readOrder },
  { method: 'POST', path: /^\/orders$/, handle: placeOrder },
];
