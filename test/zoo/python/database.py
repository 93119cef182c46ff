# How the service comes to its sessions.
import os
import queue
import time
from contextlib import contextmanager

import psycopg2
from settings import ACQUIRE_TIMEOUT_S, POOL_MAX, STATEMENT_TIMEOUT_MS

CONNECTION = {
    'dsn': os.environ.get('DATABASE_URL', ''),
    'application_name': os.environ.get('PGAPPNAME', 'api'),
    'options': f'-c statement_timeout={STATEMENT_TIMEOUT_MS}',
    'connect_timeout': 5,
}


class Refusal(Exception):
    def __init__(self, status, code, sqlstate=None):
        super().__init__(code)
        self.status = status
        self.code = code
        self.sqlstate = sqlstate


def refusal_of(error):
    if isinstance(error, Refusal):
        return error
    sqlstate = getattr(error, 'pgcode', None)
    return Refusal(503, 'stmt_timeout' if sqlstate == '57014' else 'db_error', sqlstate)


class Pool:
    """Sessions in a queue. psycopg2's own pool closes what is given back beyond its minimum, and never waits."""

    def __init__(self, size=POOL_MAX):
        self.size = size
        self.waiting = 0
        self.slots = queue.LifoQueue()
        for _ in range(size):
            self.slots.put(None)

    def take(self, timing):
        # Refused at once when as many wait as have sessions: the last of them would wait for a whole round.
        if self.waiting >= self.size:
            raise Refusal(503, 'shed')
        asked = time.monotonic()
        self.waiting += 1
        try:
            connection = self.slots.get(timeout=ACQUIRE_TIMEOUT_S)
        except queue.Empty:
            raise Refusal(503, 'pool_timeout') from None
        finally:
            self.waiting -= 1
        try:
            if connection is None or connection.closed:
                connection = psycopg2.connect(**CONNECTION)
        except psycopg2.Error as error:
            self.slots.put(None)
            raise refusal_of(error) from error
        timing['acquire_ms'] = 1000 * (time.monotonic() - asked)
        return connection

    @contextmanager
    def session(self, timing):
        """Lends a session, and takes it back whatever happens."""
        connection = self.take(timing)
        try:
            yield connection
            connection.commit()
        except psycopg2.Error as error:
            raise refusal_of(error) from error
        finally:
            if not connection.closed:
                connection.rollback()
            self.slots.put(connection)
