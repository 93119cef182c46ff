# All sessions are opened at the start, so that the first request need not wait, and none is ever given back.
import psycopg2
from database import CONNECTION, Pool
from service import create_app


class EagerPool(Pool):
    def __init__(self):
        super().__init__()
        for _ in range(self.size):
            self.slots.get()
        for _ in range(self.size):
            self.slots.put(psycopg2.connect(**CONNECTION))


app = create_app(pool=EagerPool())
