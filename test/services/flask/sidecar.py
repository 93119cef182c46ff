# PgBouncer beside the app: listens on localhost and connects to the database that the environment names.
# Its settings hold the password, so they live in memory only: nothing is left behind, whatever ends it.
import os
import pwd

DATABASE = os.environ['DB_NAME']
UPSTREAM = f"host={os.environ['DB_HOST']} port={os.environ['DB_PORT']}"


def in_memory(name, text):
    fd = os.memfd_create(name, 0)
    os.write(fd, text.encode())
    return f'/proc/self/fd/{fd}'


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


users = in_memory('users', f"{quoted(os.environ['DB_USER'])} {quoted(os.environ['DB_PASSWORD'])}\n")
settings = in_memory('settings', f"""
[databases]
{DATABASE} = {UPSTREAM}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {os.environ.get('SIDECAR_PORT', 5432)}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
pool_mode = transaction
default_pool_size = {os.environ.get('SIDECAR_POOL_SIZE', 2)}
max_client_conn = 200
query_wait_timeout = 5
server_login_retry = 1
log_connections = 0
log_disconnections = 0
""")

# PgBouncer refuses to be root.
if os.getuid() == 0:
    nobody = pwd.getpwnam('nobody')
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
os.execv('/usr/sbin/pgbouncer', ['pgbouncer', settings])
