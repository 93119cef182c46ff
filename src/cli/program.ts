import { Command, InvalidArgumentError, Option } from 'commander';
import type { JudgeFlags, RunFlags } from './flags.ts';
import type { ExitCode } from './exit-codes.ts';
import { toolVersion } from './version.ts';

/** Says how the program ends; the process may still have things to close. */
export type Finish = (code: ExitCode) => void;

/** All verbs. Each command's code is loaded when it is used, so that `--help` stays quick. */
export function makeProgram(finish: Finish): Command {
  const program = new Command('poolproof')
    .description('Proves that a Cloud Run service stays inside its Postgres connection budget.')
    .version(toolVersion())
    .showHelpAfterError('(poolproof --help shows the verbs and their options)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true })
    .addHelpText('after', exitCodeHelp);
  addPlanning(program, finish);
  addRunning(program, finish);
  addJudging(program, finish);
  program
    .command('schema')
    .description('print a JSON Schema, for editors and checkers')
    .argument('[name]', 'scenario, contract or summary', 'scenario')
    .action(async (name: string) => finish((await import('./commands/schema.ts')).printSchema(name)));
  return program;
}

const exitCodeHelp = `
Exit codes:
  0 PASS (DEGRADED too, unless --strict)    1 FAIL             2 refused, nothing was sent
  3 INCONCLUSIVE                            4 safety stop      5 something is still changed
  70 a defect of poolproof                  130, 143 interrupted, partial report written`;

function addPlanning(program: Command, finish: Finish): void {
  program
    .command('validate')
    .description('check a scenario and everything it names; send nothing')
    .argument('<scenario>', 'a scenario file')
    .action(async (file: string) => finish(await (await import('./commands/validate.ts')).validate(file)));
  program
    .command('plan')
    .description('show the budget sum, the phases, the arrivals and the predictions; send nothing')
    .argument('<scenario>', 'a scenario file')
    .addOption(seedOption())
    .option('--json', 'print the plan as JSON')
    .action(async (file: string, flags: { seed?: number; json?: boolean }) =>
      finish(await (await import('./commands/plan.ts')).plan(file, flags)),
    );
}

function addRunning(program: Command, finish: Finish): void {
  program
    .command('run')
    .description('plan, run, judge and report a scenario')
    .argument('<scenario>', 'a scenario file')
    .option('-o, --out <folder>', 'folder that run folders are written to', 'reports')
    .addOption(seedOption())
    .option('--accept-overcommit', 'run although the static budget does not fit; no verdict changes by it')
    .option('--strict', 'a soft bound that is broken exits 1')
    .addOption(
      new Option('--progress <form>', 'what to show while it runs')
        .choices(['auto', 'tty', 'plain', 'json', 'none'])
        .default('auto'),
    )
    .option('--quiet', 'show nothing but the verdict')
    .option('--no-color', 'no colours (NO_COLOR is honoured too)')
    .action(async (file: string, flags: RunFlags) =>
      finish(await (await import('./commands/run.ts')).runScenario(file, flags)),
    );
}

function addJudging(program: Command, finish: Finish): void {
  program
    .command('judge')
    .description('judge a stored run again, from its folder alone')
    .argument('<run>', 'a run folder')
    .option('--strict', 'a soft bound that is broken exits 1')
    .option('--no-color', 'no colours')
    .action(async (folder: string, flags: JudgeFlags) =>
      finish(await (await import('./commands/judge.ts')).judgeRun(folder, flags)),
    );
  program
    .command('report')
    .description('render the report of a judged run again')
    .argument('<run>', 'a run folder')
    .action(async (folder: string) => finish(await (await import('./commands/report.ts')).reportRun(folder)));
}

function seedOption(): Option {
  return new Option('--seed <number>', "replaces the scenario's seed").argParser((text) => {
    const seed = Number(text);
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new InvalidArgumentError('It is a whole number, 0 or more.');
    return seed;
  });
}
