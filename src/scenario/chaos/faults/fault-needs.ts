import { databaseForms } from './database-forms.ts';

/** Faults that are inflicted through the platform's Admin API. */
export const adminFaults: readonly string[] = ['revision.deploy', 'revision.traffic', 'service.scale'];

/** Faults that are inflicted by a role that may administer the server. */
export const databaseFaults: readonly string[] = Object.keys(databaseForms);

/** Those of them that need the server's processes: only a server that poolproof started has them within reach. */
export const processFaults: readonly string[] = ['db.restart', 'db.freeze', 'db.max_connections'];

/** Those that hold a lock in a session of their own. */
export const holderFaults: readonly string[] = ['db.lock', 'db.slow'];

/** Faults that change, end or take something that is not the harness's own. */
export const destructiveFaults: readonly string[] = [...databaseFaults];
