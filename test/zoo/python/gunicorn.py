# One process unless told otherwise, as many threads as requests may be here at once.
import os

pythonpath = os.path.dirname(os.path.abspath(__file__))
worker_class = 'gthread'
# Longer than the front keeps a connection: whoever closes first must not be the one with a request under way.
keepalive = 75
loglevel = 'warning'
