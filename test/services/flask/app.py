# A Flask service that reaches Postgres through a sidecar on localhost, as plain as such services are.
import os

import psycopg2
from flask import Flask, jsonify
from psycopg2 import pool

app = Flask(__name__)

# Not DB_HOST and DB_PORT: those lead past the sidecar.
DATABASE = {
    'host': 'localhost',
    'port': int(os.environ.get('SIDECAR_PORT', 5432)),
    'dbname': os.environ['DB_NAME'],
    'user': os.environ['DB_USER'],
    'password': os.environ['DB_PASSWORD'],
    'connect_timeout': 10,
}

# One pool in every worker process. Without a size, every request opens a connection of its own.
POOL_MAX = int(os.environ.get('DB_POOL_MAX', 0))
connection_pool = (
    pool.ThreadedConnectionPool(
        minconn=int(os.environ.get('DB_POOL_MIN', min(2, POOL_MAX))), maxconn=POOL_MAX, **DATABASE
    )
    if POOL_MAX > 0
    else None
)


def get_db_connection():
    return psycopg2.connect(**DATABASE) if connection_pool is None else connection_pool.getconn()


def return_db_connection(conn):
    if connection_pool is None:
        conn.close()
    else:
        connection_pool.putconn(conn)


def first_value(query):
    conn = get_db_connection()
    try:
        with conn.cursor() as cur:
            cur.execute(query)
            value = cur.fetchone()[0]
        conn.commit()
        return value
    finally:
        return_db_connection(conn)


@app.route('/')
def index():
    try:
        return jsonify({'status': 'connected', 'postgres_version': first_value('SELECT version()')})
    except Exception as e:
        return jsonify({'status': 'error', 'message': str(e)}), 500


@app.route('/report')
def report():
    try:
        return jsonify({'status': 'connected', 'worked': first_value('SELECT pg_sleep(0.1)::text')})
    except Exception as e:
        return jsonify({'status': 'error', 'message': str(e)}), 500


@app.route('/health')
def health():
    return jsonify({'status': 'ok'})
