# psycopg2's own pool closes every session that is given back beyond its minimum. With a minimum of 0, which looks as if
# it only meant "open nothing before it is needed", that is every session.
import threading
from contextlib import contextmanager

import psycopg2
from database import CONNECTION, Refusal, refusal_of
from psycopg2.pool import ThreadedConnectionPool
from service import create_app
from settings import ACQUIRE_TIMEOUT_S, POOL_MAX


class ClosingPool:
    def __init__(self):
        self.free = threading.BoundedSemaphore(POOL_MAX)
        self.connections = ThreadedConnectionPool(0, POOL_MAX, **CONNECTION)

    @contextmanager
    def session(self, timing):
        if not self.free.acquire(timeout=ACQUIRE_TIMEOUT_S):
            raise Refusal(503, 'pool_timeout')
        try:
            connection = self.connections.getconn()
            try:
                yield connection
                connection.commit()
            finally:
                self.connections.putconn(connection)
        except psycopg2.Error as error:
            raise refusal_of(error) from error
        finally:
            self.free.release()


app = create_app(pool=ClosingPool())
