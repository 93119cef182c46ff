# Everything that the contract promises reaches the service as an environment variable, as it does in production.
import os

POOL_MAX = int(os.environ.get('DB_POOL_MAX', 4))
ACQUIRE_TIMEOUT_S = int(os.environ.get('DB_POOL_ACQUIRE_TIMEOUT_MS', 1000)) / 1000
STATEMENT_TIMEOUT_MS = int(os.environ.get('DB_STATEMENT_TIMEOUT_MS', 1500))
# How long the work route keeps the database busy; slept there, so that it costs no CPU here.
WORK_S = int(os.environ.get('WORK_MS', 100)) / 1000
# How long somebody else's API takes to answer.
CALL_S = int(os.environ.get('CALL_MS', 50)) / 1000
