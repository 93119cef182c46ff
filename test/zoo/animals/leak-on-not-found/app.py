# An early exit between taking a session and giving it back: every order that is not there costs a session.
from database import Refusal
from flask import g
from service import create_app


def read_order(pool, order):
    connection = pool.take(g.timing)
    cursor = connection.cursor()
    cursor.execute('select sku from orders where id = %s', (order,))
    found = cursor.fetchone()
    connection.commit()
    if found is None:
        raise Refusal(404, 'not_found')
    pool.slots.put(connection)
    return {'order': {'id': order, 'sku': found[0]}}


app = create_app(read_order=read_order)
