import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import type { LinkEvent, LogEvent } from '../../../src/evidence/event.ts';
import { readEvidence } from '../../../src/evidence/read-evidence.ts';
import { samplesOf } from '../../../src/evidence/sessions/samples.ts';
import {
  linkCounts,
  linkSessions,
  logCounts,
  logSessions,
  matchByPort,
} from '../../../src/evidence/sessions/sessions.ts';
import { countAt, peakOf } from '../../../src/evidence/sessions/steps.ts';
import { upperBounds } from '../../../src/evidence/sessions/upper-bounds.ts';
import type { Summary } from '../../../src/verdict/summary/summary.ts';
import { runCli } from '../../support/cli.ts';
import { runAlone, runInLanes, type JudgedRun } from '../../support/run-scenarios.ts';

/** What a scenario ends with, by its file in `scenarios/`. */
export type Promises = Readonly<Record<string, 'PASS' | 'FAIL'>>;

/** A judged run with its evidence. */
export interface Ran extends JudgedRun {
  readonly evidence: Evidence;
}

/** The runs of a suite, which its `beforeAll` makes. */
export interface Runs {
  of(file: string): Ran;
  /** The bounds that the run of this scenario broke. */
  broken(file: string): readonly string[];
}

/**
 * Runs the scenarios before the tests of this file. Those that fail their bounds run in two lanes: they do so on a busy
 * machine too. Those that have to pass run alone.
 */
export function useRuns(promises: Promises): Runs {
  const runs = new Map<string, Ran>();
  beforeAll(async () => {
    const promised = (verdict: string): string[] =>
      Object.keys(promises)
        .filter((file) => promises[file] === verdict)
        .map((file) => `scenarios/${file}`);
    const judged = [
      ...(await runInLanes(2, promised('FAIL'), 'FAIL')),
      ...(await runAlone(promised('PASS'), 'PASS')),
    ];
    for (const [file, run] of judged)
      runs.set(basename(file), { ...run, evidence: await readEvidence(run.folder) });
  }, 1_800_000);
  const of = (file: string): Ran => {
    const run = runs.get(file);
    if (run === undefined) throw new Error(`${file} was not run`);
    return run;
  };
  const broken = (file: string): string[] =>
    of(file).summary.bounds.flatMap(({ id, status }) => (status === 'FAIL' ? [id] : []));
  return { of, broken };
}

/** What holds for every shipped scenario. */
export function describeEach(promises: Promises, runs: Runs): void {
  describe.each(Object.entries(promises))('%s', (file, verdict) => {
    const the = (): Ran => runs.of(file);

    it(`ends with ${verdict}`, () => {
      const { end, summary } = the();
      const guards = summary.validity.filter(({ ok }) => !ok).map(({ id, reason }) => `${id}: ${reason}`);
      expect(
        { exitCode: end.exitCode, verdict: summary.verdict },
        [`guards: ${guards.join('; ') || 'all hold'}`, end.stdout, end.stderr].join('\n'),
      ).toEqual({ exitCode: verdict === 'PASS' ? 0 : 1, verdict });
    });

    it('counts the same sessions and refusals by the link as by the server log', () => {
      const { events, run } = the().evidence;
      const roles: readonly (string | null)[] = run.contract.services.map(({ name }) => name);
      const link = events.filter((event): event is LinkEvent => event.kind === 'link');
      const startedUs = events.find((event) => event.kind === 'instance')!.t_us;
      // The harness made the tables as the same role before there was any instance.
      const log = events.filter(
        (event): event is LogEvent =>
          event.kind === 'log' && roles.includes(event.role) && event.t_us >= startedUs,
      );
      const matched = matchByPort(link, log);
      expect(matched.sessions.onlyLink).toEqual([]);
      expect(matched.sessions.onlyLog).toEqual([]);
      expect(matched.refused.onlyLink).toEqual([]);
      expect(matched.refused.onlyLog).toEqual([]);
      expect(linkCounts(events).sessions).toBe(logCounts(log).sessions);
      expect(linkCounts(events).sessions).toBeGreaterThan(0);
    });

    it('never has a sampled upper bound below the truth rebuilt from the server log', () => {
      const { evidence } = the();
      const truth = logSessions(evidence.events, 'api');
      const bounds = upperBounds(samplesOf(evidence));
      const violated = bounds.filter(
        ({ fromUs, toUs, high }) => (peakOf(truth, fromUs, toUs)?.count ?? 0) > high,
      );
      expect(bounds.length).toBeGreaterThan(300);
      expect(violated).toEqual([]);
    });
  });
}

const rendered = ['summary.json', 'report.html', 'summary.md', 'junit.xml'];

/** `judge` and `report` write the files of the run again, byte for byte. */
export function itJudgesAgain(file: string, runs: Runs): void {
  it(`${file} is judged again to the same summary and rendered to the same report, byte for byte`, async () => {
    const { folder, end } = runs.of(file);
    const read = (): string[] => rendered.map((name) => readFileSync(join(folder, name), 'utf8'));
    const before = read();
    expect((await runCli(['judge', folder])).exitCode).toBe(end.exitCode);
    expect(read()).toEqual(before);
    expect((await runCli(['report', folder])).exitCode).toBe(0);
    expect(read()).toEqual(before);
  });
}

/** The rollout was deployed through the Admin API, and both revisions held sessions at the same time. */
export function itOverlaps(file: string, runs: Runs): void {
  it(`${file} deploys through the Admin API, and both revisions hold sessions at the same time`, () => {
    const { events } = runs.of(file).evidence;
    const deployed = events.filter((event) => event.kind === 'fault').map(({ state }) => state);
    expect(deployed).toEqual(['started', 'confirmed']);
    const revisions = [
      ...new Set(events.flatMap((event) => (event.kind === 'revision' ? [event.revision] : []))),
    ];
    expect(revisions).toHaveLength(2);
    const [old, next] = revisions.map((revision) =>
      linkSessions(events, (event) => event.revision === revision),
    );
    const together = next!.some(({ tUs, count }) => count > 0 && countAt(old!, tUs) > 0);
    expect(together).toBe(true);
  });
}

/** A bound of a summary. */
export function boundOf(summary: Summary, id: string): Summary['bounds'][number] | undefined {
  return summary.bounds.find((bound) => bound.id === id);
}
