import { readFile } from 'node:fs/promises';

const wanted = 5;

/** The last lines a server wrote, for people: from its jsonlog, else from standard error. */
export async function lastLines(logFile: string, errors: string): Promise<readonly string[]> {
  const log = await readFile(logFile, 'utf8').catch(() => '');
  const said = linesOf(log).map(plain);
  return (said.length > 0 ? said : linesOf(errors)).slice(-wanted);
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function plain(line: string): string {
  try {
    const { error_severity: severity, message } = JSON.parse(line) as Record<string, unknown>;
    return `${String(severity)}:  ${String(message)}`;
  } catch {
    return line;
  }
}
