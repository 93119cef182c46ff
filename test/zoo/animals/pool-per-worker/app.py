# A good app, and three gunicorn workers: each has a pool of its own.
from service import create_app

app = create_app()
