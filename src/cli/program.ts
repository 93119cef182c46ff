import { Command, Option } from 'commander';
import type { DoctorFlags } from './commands/doctor.ts';
import type { EmulateFlags, JudgeFlags, PlanFlags, RunFlags, UndoFlags } from './flags.ts';
import { beside, databaseUrl, pair, portNumber, positiveNumber, wholeNumber } from './option-values.ts';
import type { Ending } from './ending.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { toolVersion } from '../verbs/version.ts';

/** All verbs. A command's code is loaded when it is used, so that `--help` is quick. */
export function makeProgram(ending: Ending): Command {
  const finish = (code: ExitCode): void => {
    ending.finish(code);
  };
  const program = new Command('poolproof')
    .description('Proves that a Cloud Run service stays inside its Postgres connection budget.')
    .version(toolVersion())
    .showHelpAfterError('(poolproof --help shows the verbs and their options)')
    .exitOverride(({ exitCode }) => {
      finish(exitCode === 0 ? exitCodes.pass : exitCodes.refused);
      process.exit();
    })
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true })
    .addHelpText('after', exitCodeHelp);
  addPlanning(program, finish);
  addRunning(program, ending);
  addJudging(program, finish);
  addEmulating(program, ending);
  addDoctor(program, finish);
  program
    .command('schema')
    .description('print a JSON Schema, for editors and checkers')
    .argument('[name]', 'scenario, contract or summary', 'scenario')
    .action(async (name: string) => finish((await import('./commands/schema.ts')).schemaCommand(name)));
  return program;
}

const exitCodeHelp = `
Exit codes:
  0 PASS (DEGRADED too, unless --strict)    1 FAIL             2 refused, nothing was sent
  3 INCONCLUSIVE                            4 safety stop      5 something is still changed
  70 a defect of poolproof                  130, 143 interrupted, partial report written`;

function addPlanning(program: Command, finish: Ending['finish']): void {
  program
    .command('validate')
    .description('check a scenario and everything it names; send nothing')
    .argument('<scenario>', 'a scenario file')
    .action(async (file: string) =>
      finish(await (await import('./commands/validate.ts')).validateCommand(file)),
    );
  program
    .command('plan')
    .description('show the budget sum, the phases, the arrivals and the predictions; send nothing')
    .argument('<scenario>', 'a scenario file')
    .addOption(seedOption())
    .option('--json', 'print the plan as JSON')
    .action(async (file: string, flags: PlanFlags) =>
      finish(await (await import('./commands/plan.ts')).planCommand(file, flags)),
    );
}

function addRunning(program: Command, ending: Ending): void {
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
      ending.finish(await (await import('./commands/run.ts')).runCommand(file, flags, ending)),
    );
}

function addJudging(program: Command, finish: Ending['finish']): void {
  program
    .command('judge')
    .description('judge a stored run again, from its folder alone')
    .argument('<run>', 'a run folder')
    .option('--contract <file>', 'judge it by this contract instead of its own')
    .option('--with <file>', 'judge it by the assertions and limits of this file')
    .option('--strict', 'a soft bound that is broken exits 1')
    .option('--no-color', 'no colours')
    .action(async (folder: string, flags: JudgeFlags) =>
      finish(await (await import('./commands/judge.ts')).judgeCommand(folder, flags)),
    );
  program
    .command('report')
    .description('render the report of a judged run again')
    .argument('<run>', 'a run folder')
    .action(async (folder: string) =>
      finish(await (await import('./commands/report.ts')).reportCommand(folder)),
    );
  program
    .command('undo')
    .description('take back what a run that was killed has left changed')
    .argument('<run>', 'a run folder')
    .option(
      '--url <url>',
      'a role that may, instead of what the scenario says: postgres://role:password@host/database',
    )
    .option('--allow-exec', "let the journal's own commands run")
    .action(async (folder: string, flags: UndoFlags) =>
      finish(await (await import('./commands/undo.ts')).undoCommand(folder, flags)),
    );
}

function addDoctor(program: Command, finish: Ending['finish']): void {
  program
    .command('doctor')
    .description('look whether a run is possible here and what it could prove; print the SQL of its roles')
    .argument('[scenario]', 'a scenario file, to look at its Postgres too')
    .option('--json', 'print what was found as JSON')
    .option('--no-color', 'no colours')
    .action(async (file: string | undefined, flags: DoctorFlags) =>
      finish(await (await import('./commands/doctor.ts')).doctorCommand(file, flags)),
    );
}

function addEmulating(program: Command, ending: Ending): void {
  const command = program
    .command('emulate')
    .description('run a Cloud Run service here, with its Admin API, until Ctrl-C')
    .argument('<service.yaml>', 'a Cloud Run or Knative service')
    .argument('[command...]', "after --: the program to run instead of the service's image")
    .addOption(
      repeatable('--beside <service.yaml[=command]>', 'another service; sh runs the command, if any')
        .argParser(beside)
        .default([], 'none'),
    )
    .addOption(pairs('--env <name=value>', 'a variable of the service'))
    .addOption(pairs('--container <name=command>', 'a command for a sidecar, run by sh'))
    .addOption(pairs('--secret <name=file>', 'the file with the value of a secret'));
  addDatabase(command);
  addEmulation(command);
  command.action(async (file: string, own: string[], flags: EmulateFlags) =>
    ending.finish(await (await import('./commands/emulate.ts')).emulateCommand(file, own, flags, ending)),
  );
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description} (repeatable)`);
}

function pairs(flags: string, description: string): Option {
  return repeatable(flags, description).argParser(pair).default({}, 'none');
}

function addDatabase(command: Command): void {
  command
    .option('--postgres', 'start an embedded Postgres for it')
    .option('--max-connections <number>', 'of the embedded Postgres (default: 100)', wholeNumber(10))
    .option('--setup <file>', 'SQL to run in the embedded Postgres before the service starts')
    .addOption(
      new Option('--database-url <url>', 'a Postgres that is there already')
        .argParser(databaseUrl)
        .conflicts('postgres'),
    );
}

function addEmulation(command: Command): void {
  command
    .option('--port <number>', 'where the service listens; 0 for any free port', portNumber, 0)
    .option('--admin-port <number>', 'where the Admin API listens; 0 for any free port', portNumber, 0)
    .option('--grpc', 'the Admin API speaks gRPC too')
    .addOption(
      new Option('--profile <name>', 'whose rules').choices(['cloudrun', 'knative']).default('cloudrun'),
    )
    .option('--time-scale <factor>', 'how many times faster idle retention passes', positiveNumber, 1)
    .addOption(
      new Option('--idle-cpu <how>', 'stop: SIGSTOP to idle instances, harsher than Cloud Run')
        .choices(['full', 'stop'])
        .default('full'),
    )
    .addOption(
      new Option('--slot-after-timeout <how>', 'of a request that got its 504')
        .choices(['held', 'freed'])
        .default('held'),
    )
    .addOption(seedOption())
    .option('-o, --out <folder>', 'folder for the event log', 'reports')
    .option('--no-color', 'no colours');
}

function seedOption(): Option {
  return new Option('--seed <number>', 'where everything random comes from').argParser(wholeNumber(0));
}
