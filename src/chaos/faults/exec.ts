import { EnvironmentError } from '../../base/errors.ts';
import type { FaultAction } from '../fault-action.ts';

/** A user's own command. Poolproof knows its exit code and its output, not what it did, so nothing is confirmed. */
export const exec: FaultAction<'exec'> = {
  kind: 'exec',
  apply: async ({ kind, command, undo, timeoutMs }, { journal, commands, step }) => {
    if (undo !== null && !commands.mayBeShown(undo))
      throw new EnvironmentError([{ message: 'undo has a secret in it, which the journal must not hold' }]);
    const id =
      undo === null
        ? null
        : await journal.begin({
            step,
            changes: `whatever ${command[0]} has done`,
            undo: { kind: 'command', command: [...undo], cwd: commands.cwd, timeout_ms: timeoutMs },
          });
    const takeBack = async (): Promise<string> => {
      if (undo === null || id === null) return 'there was nothing to undo';
      const said = await commands.run(undo, timeoutMs);
      await journal.done(id);
      return `${undo[0]}: exit code 0${said === '' ? '' : `: ${said}`}`;
    };
    try {
      const said = await commands.run(command, timeoutMs);
      return {
        detail: `${kind}: ${command[0]}: exit code 0${said === '' ? '' : `: ${said}`}`,
        undo: undo === null ? null : takeBack,
        endsWithRun: false,
      };
    } catch (error) {
      // It may have done part of its work.
      await takeBack().catch(() => undefined);
      throw error;
    }
  },
};
