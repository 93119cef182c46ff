import type { Builder, TestCase, TestSuite } from 'junit-report-builder';
import type { Summary } from '../../verdict/summary/summary.ts';
import { amount, momentWords, plainLine, statusWords } from '../words.ts';

type BoundSummary = Summary['bounds'][number];

/**
 * `junit.xml`: one test case for each bound.
 *
 *     FAIL, hard      <failure>                   FAIL, soft       passes, with the reason as output
 *     INCONCLUSIVE    <error>                     NOT_APPLICABLE   <skipped>
 */
export async function renderJunit(summary: Summary): Promise<string> {
  const report = (await loadBuilder()).newBuilder().name('poolproof');
  const suite = report.testSuite().name(plainLine(summary.name));
  for (const [name, value] of properties(summary)) suite.property(name, plainLine(value));
  for (const bound of summary.bounds) addCase(suite, bound, summary.name);
  return `${report.build()}\n`;
}

/** The package exports the builder itself, while its types tell of a module with a default inside. */
async function loadBuilder(): Promise<Builder> {
  const loaded: { readonly default: unknown } = await import('junit-report-builder');
  return loaded.default as Builder;
}

function properties(summary: Summary): readonly (readonly [string, string])[] {
  return [
    ['verdict', summary.verdict],
    ['headline', summary.headline],
    ['bounded', summary.answers.bounded],
    ['fast_failing', summary.answers.fast_failing],
    ['schedule_hash', summary.schedule.hash],
    ['platform', `${summary.provenance.platform}, profile ${summary.provenance.profile ?? 'none'}`],
    ['calibration', summary.provenance.calibration],
    ...summary.bounds.flatMap(({ id, first_violation: first }) =>
      first === null ? [] : [[`${id}.first_violation`, momentWords(first)] as const],
    ),
  ];
}

function addCase(suite: TestSuite, bound: BoundSummary, run: string): void {
  const testCase = suite
    .testCase()
    .className(plainLine(`poolproof.${run}`))
    .name(plainLine(`${bound.id} ${bound.name}`));
  testCase.property('provenance', bound.provenance);
  if (bound.first_violation !== null)
    testCase.property('first_violation', plainLine(momentWords(bound.first_violation)));
  setStatus(testCase, bound);
}

function setStatus(testCase: TestCase, bound: BoundSummary): void {
  const said = sentence(bound);
  switch (bound.status) {
    case 'FAIL':
      if (bound.severity === 'soft') testCase.standardOutput(`soft bound broken: ${said}`);
      else testCase.failure(said, 'bound');
      return;
    case 'INCONCLUSIVE':
      testCase.error(said, 'inconclusive');
      return;
    case 'NOT_APPLICABLE':
      testCase.standardOutput(said);
      testCase.skipped();
      return;
    case 'PASS':
    case 'PASS_SAMPLED':
      testCase.standardOutput(said);
  }
}

/** What was seen, with value, limit and first violation. */
function sentence(bound: BoundSummary): string {
  const first = bound.first_violation === null ? '' : `; first at ${momentWords(bound.first_violation)}`;
  const measured =
    bound.value === null
      ? ''
      : ` (${amount(bound.value, bound.unit)}, limit ${amount(bound.limit, bound.unit)}${first})`;
  return plainLine(`${statusWords[bound.status]}: ${bound.reason}${measured}`);
}
