import { exitCodes, type ExitCode } from '../exit-codes.ts';

/** Reads a scenario and everything it names; says that it is sound. Throws `InputError` with all problems. */
export async function validate(file: string): Promise<ExitCode> {
  const { loadScenario } = await import('../../scenario/load-scenario.ts');
  const scenario = await loadScenario(file, { env: process.env });
  process.stdout.write(
    `${file}: a sound scenario "${scenario.name}", ${scenario.traffic.phases.length} phases\n`,
  );
  return exitCodes.pass;
}
