// Reads the password anew for each session, as whoever rotates it expects.
import { readFile } from 'node:fs/promises';
import { openPool } from './database.mjs';
import { serve } from './serve.mjs';

// With a function for a password, node-postgres takes the rest from PGHOST, PGPORT, PGUSER and PGDATABASE.
const password = () => readFile(process.env.DB_PASSWORD_FILE, 'utf8');

serve({ pool: openPool({ connectionString: undefined, password }) });
