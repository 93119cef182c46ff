# Nobody is refused, nobody is told how long they wait: `get` without a timeout, and no Server-Timing.
import psycopg2
from database import CONNECTION, Pool
from service import create_app


class PatientPool(Pool):
    def take(self, timing):
        connection = self.slots.get()
        return psycopg2.connect(**CONNECTION) if connection is None or connection.closed else connection


app = create_app(pool=PatientPool(), tells_time=False)
