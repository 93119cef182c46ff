import { doctor } from '../../verbs/doctor.ts';
import type { Finding } from '../../verbs/doctor/finding.ts';
import { renderFindings } from '../doctor/render-findings.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { lookOf } from '../look.ts';

/** What the command line says of looking. */
export interface DoctorFlags {
  readonly json?: boolean;
  readonly color: boolean;
}

/** Prints what stands in the way of a run here. */
export async function doctorCommand(file: string | undefined, flags: DoctorFlags): Promise<ExitCode> {
  const { findings, sql } = await doctor(file);
  process.stdout.write(
    flags.json === true ? `${JSON.stringify({ findings, sql }, null, 2)}\n` : forPeople(findings, sql, flags),
  );
  return findings.some(({ status }) => status === 'problem') ? exitCodes.refused : exitCodes.pass;
}

function forPeople(findings: readonly Finding[], sql: string | null, flags: DoctorFlags): string {
  const table = renderFindings(findings, lookOf(process.stdout, flags.color));
  const head = "\nThe roles that poolproof would use on a server of somebody's own:\n\n";
  return sql === null ? table : `${table}${head}${sql}`;
}
