# The orders service once more, as Flask under gunicorn. Without other parts it is a good one; a fault is one part
# written as it is written in the wild.
import sys
import time

from database import Pool, Refusal
from flask import Flask, g, jsonify
from settings import CALL_S, WORK_S


def call_elsewhere():
    """Somebody else's API, which takes its time."""
    time.sleep(CALL_S)


def work(pool):
    with pool.session(g.timing) as connection, connection.cursor() as cursor:
        cursor.execute('select count(*)::int, pg_sleep(%s)::text from orders', (WORK_S,))
        return {'orders': cursor.fetchone()[0]}


def read_order(pool, order):
    with pool.session(g.timing) as connection, connection.cursor() as cursor:
        cursor.execute('select sku from orders where id = %s', (order,))
        found = cursor.fetchone()
    if found is None:
        raise Refusal(404, 'not_found')
    return {'order': {'id': order, 'sku': found[0]}}


def place_order(pool):
    # The call comes first, so that no transaction waits for it.
    call_elsewhere()
    with pool.session(g.timing) as connection, connection.cursor() as cursor:
        cursor.execute("insert into orders (sku) values ('new') returning id")
        return {'order': {'id': cursor.fetchone()[0]}}


def tell(error):
    """A status, a code, and when to come back."""
    refusal = error if isinstance(error, Refusal) else Refusal(500, 'unknown')
    if refusal is not error:
        print(repr(error), file=sys.stderr)
    answer = jsonify(error=refusal.code)
    answer.status_code = refusal.status
    answer.headers['x-error-code'] = refusal.code
    if refusal.sqlstate:
        answer.headers['x-sqlstate'] = refusal.sqlstate
    if refusal.status in (429, 503):
        answer.headers['retry-after'] = '1'
    return answer


def create_app(pool=None, read_order=read_order, place_order=place_order, tell=tell, tells_time=True):
    app = Flask(__name__)
    pool = Pool() if pool is None else pool

    @app.before_request
    def start():
        g.timing = {}

    @app.after_request
    def tell_time(answer):
        if tells_time and 'acquire_ms' in g.timing:
            answer.headers['server-timing'] = f"acquire;dur={g.timing['acquire_ms']:.3f}"
        return answer

    app.register_error_handler(Exception, tell)
    app.add_url_rule('/health', 'health', lambda: jsonify(healthy=True))
    app.add_url_rule('/work', 'work', lambda: jsonify(work(pool)))
    app.add_url_rule('/orders/<int:order>', 'read', lambda order: jsonify(read_order(pool, order)))
    app.add_url_rule('/orders', 'place', lambda: jsonify(place_order(pool)), methods=['POST'])
    return app
