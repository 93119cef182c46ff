/** What is done to the database itself, by the sessions and on the server. */
export type DatabaseFault =
  | {
      /** Start-up packets that never authenticate: each holds a slot. */
      readonly kind: 'db.half_open';
      readonly connections: number;
    }
  | {
      /** A neighbour's sessions: so many, or as many as leave exactly so many slots free. */
      readonly kind: 'db.hold';
      readonly connections?: number;
      readonly leaveFree?: number;
    }
  | {
      /** Ends sessions of the service; all of them unless `count` is said. */
      readonly kind: 'db.terminate';
      readonly count?: number;
    }
  | { readonly kind: 'db.lock'; readonly table: string }
  | {
      /** Locks a table again and again, for `delayMs` each time, or computes in so many sessions. */
      readonly kind: 'db.slow';
      readonly table?: string;
      readonly delayMs?: number;
      readonly backends?: number;
    }
  | { readonly kind: 'db.role_limit'; readonly connections: number }
  | { readonly kind: 'db.rotate_password' }
  | {
      /** The credential is refused from now on; a new one is there after so long. */
      readonly kind: 'db.expire_credentials';
      readonly refreshAfterMs: number;
    }
  | { readonly kind: 'db.restart'; readonly mode: 'smart' | 'fast' | 'immediate' | 'crash' }
  | { readonly kind: 'db.freeze'; readonly what: 'backends' | 'accepting' }
  | { readonly kind: 'db.max_connections'; readonly value: number };
