import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EnvironmentError } from '../../../src/base/errors.ts';
import { findNativeFolder } from '../../../src/postgres/embedded/native-folder.ts';

describe('the programs of Postgres', () => {
  it('are found where npm put them', () => {
    expect(existsSync(join(findNativeFolder(), 'bin', 'postgres'))).toBe(true);
  });

  it('that are not installed are named, with the way to get them', () => {
    expect(() => findNativeFolder('linux', 'sparc')).toThrow(EnvironmentError);
    expect(() => findNativeFolder('linux', 'sparc')).toThrow(
      /not installed for linux-sparc .*\n {2}hint: .*npm install/,
    );
  });

  it('do not exist for every system', () => {
    expect(() => findNativeFolder('win32', 'x64')).toThrow(/does not run on win32/);
  });
});
