import { z } from 'zod';

/** Short names stand in folder names, in time marks and in tables. */
export const label = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'must be letters, digits, ".", "_" and "-", at most 64 of them',
  );
