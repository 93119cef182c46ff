import { GenericContainer, Wait } from 'testcontainers';

/** The port that Postgres has in its container. */
export const innerPort = 5432;

/** The label by which a container is found again; its value is the run's own. */
export const serverLabel = 'poolproof.postgres';

const keptLines = 5;
const startLimitMs = 120_000;

/** A container of one of the official images, or of one that takes the same variables. */
export class PostgresContainer extends GenericContainer {
  private readonly output: string[] = [];

  constructor(image: string, label: string, port: number) {
    super(image);
    this.withLabels({ [serverLabel]: label })
      .withExposedPorts(innerPort)
      // A reaper would be another image to fetch; the process guard removes what a killed run leaves.
      .withAutoCleanup(false)
      .withStartupTimeout(startLimitMs)
      .withWaitStrategy(Wait.forLogMessage('database system is ready to accept connections'));
    // Published to this machine alone: the class's own way would publish it to the world.
    this.hostConfig.PortBindings = {
      [`${innerPort}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: String(port) }],
    };
    this.withLogConsumer((stream) => {
      stream.on('data', (text: Buffer | string) => {
        this.output.push(
          ...String(text)
            .split('\n')
            .filter((line) => line.trim() !== ''),
        );
        this.output.splice(0, Math.max(0, this.output.length - keptLines));
      });
    });
  }

  /** The last that it printed, for people. */
  lastLines(): readonly string[] {
    return this.output;
  }
}
