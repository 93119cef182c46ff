import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { KnownError, messageOf } from '../../base/errors.ts';
import { fine, note, problem, type Finding } from './finding.ts';

/** What a run here wants of the machine. */
export interface Wanted {
  readonly docker: boolean;
  readonly embedded: boolean;
}

const oldestNode = [20, 19] as const;
const fewCpus = 2;

/** Looks at this machine: Node, processors, loopback, the embedded programs, Docker. */
export async function lookAtMachine(wanted: Wanted): Promise<readonly Finding[]> {
  return [
    lookAtNode(process.versions.node),
    lookAtCpus(availableParallelism()),
    await lookAtLoopback(),
    await lookAtEmbedded(wanted.embedded),
    await lookAtDocker(wanted.docker),
  ];
}

/** Whether this Node is new enough. */
export function lookAtNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return isNew
    ? fine('Node', version)
    : problem('Node', `${version} is older than ${oldestNode.join('.')}`, 'install a newer Node');
}

function lookAtCpus(count: number): Finding {
  const found = `${count} processors`;
  if (count > fewCpus) return fine('CPU', found);
  const hint =
    'generator, service and Postgres share them: keep rates low, and read V01 and V02 of the report';
  return note('CPU', found, hint);
}

async function lookAtLoopback(): Promise<Finding> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return fine('loopback', 'ports of 127.0.0.1 can be listened on');
  } catch (error) {
    return problem('loopback', `no port of 127.0.0.1 can be listened on: ${messageOf(error)}`);
  } finally {
    server.close();
  }
}

async function lookAtEmbedded(isWanted: boolean): Promise<Finding> {
  const { findNativeFolder } = await import('../../postgres/embedded/native-folder.ts');
  const { findAccount } = await import('../../postgres/embedded/account.ts');
  return attempt('embedded Postgres', isWanted, async () => {
    findNativeFolder();
    const account = await findAccount();
    return account === null ? 'its programs are here' : `its programs are here, to run as "${account.name}"`;
  });
}

async function lookAtDocker(isWanted: boolean): Promise<Finding> {
  const { connectDocker } = await import('../../docker/connect-docker.ts');
  return attempt('Docker', isWanted, async () => {
    const { cpus, architecture } = await connectDocker();
    return `answers: ${cpus} processors, ${architecture}`;
  });
}

/** What is missing stands in the way only of what wants it. */
async function attempt(what: string, isWanted: boolean, look: () => Promise<string>): Promise<Finding> {
  try {
    return fine(what, await look());
  } catch (error) {
    const first = error instanceof KnownError ? error.problems[0] : undefined;
    const found = first?.message ?? messageOf(error);
    return isWanted
      ? problem(what, found, first?.hint)
      : note(what, `${found} (nothing here wants it)`, first?.hint);
  }
}
