import { formatMs, trim } from '../../../base/units.ts';
import { countAt } from '../../../evidence/sessions/steps.ts';
import type { RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';
import { phaseAt } from '../../facts/requests/phase-window.ts';
import { shapeOf } from '../../diagnoses/shared/pain.ts';
import type { Ranked } from '../../diagnoses/shared/rank.ts';
import { heldAt } from '../../facts/platform/revisions.ts';
import { holdersAt } from './holders.ts';
import type { Incident } from './incident-shape.ts';

type Question = Incident['questions'][number];

/** What evidence says where no diagnosis does; null where there is none. */
type Measured = string | null;

/** The seven questions in their order, each answered from evidence, or left open where there is none. */
export function questionsOf(
  run: RunFacts,
  service: ServiceFacts,
  ranked: readonly Ranked[],
  tUs: number,
): Question[] {
  const ask = (question: string, about: Ranked['question'], measured: Measured): Question =>
    answerOf(question, sure(ranked, about), measured);
  return [
    isItUs(run, service, sure(ranked, 'us'), tUs),
    ask('2. Is the fleet too wide, or one instance too deep?', 'shape', shape(service)),
    ask(
      '3. Are sessions held by an idle transaction, a lock or a slow statement?',
      'held',
      held(run, service, tUs),
    ),
    ask('4. Are sessions lost?', 'lost', probed(run)),
    ask('5. Do sessions come and go, or all at once?', 'opened', opened(run, service, tUs)),
    ask('6. Were two revisions there at once?', 'revisions', revisions(service, tUs)),
    ask('7. Was the demand amplified by retries?', 'demand', amplified(run, tUs)),
  ];
}

/** Findings on a question that are more than a correlation. */
function sure(ranked: readonly Ranked[], about: Ranked['question']): readonly Ranked[] {
  return ranked.filter(({ question, confidence }) => question === about && confidence !== 'low');
}

function answerOf(question: string, found: readonly Ranked[], measured: Measured): Question {
  const [first] = found;
  if (first !== undefined) {
    const because = `${first.title}: ${first.evidence[0] ?? ''}`;
    return { question, answer: 'yes', because, ids: found.map(({ id }) => id) };
  }
  if (measured === null) return { question, answer: 'unknown', because: 'no evidence tells', ids: [] };
  return { question, answer: 'no', because: measured, ids: [] };
}

function isItUs(run: RunFacts, service: ServiceFacts, [neighbour]: readonly Ranked[], tUs: number): Question {
  const question = '1. Is it us?';
  if (neighbour !== undefined)
    return { question, answer: 'no', because: neighbour.lever, ids: [neighbour.id] };
  const holders = holdersAt(run, tUs);
  if (holders === null)
    return { question, answer: 'unknown', because: 'no sample was taken next to the first refusal', ids: [] };
  const { name } = service.contract;
  const own = holders.rows.reduce((sum, { who, count }) => sum + (who === name ? count : 0), 0);
  const because = `${name} held ${own} of the ${holders.total} sessions at the first refusal; the server has ${service.thresholds.usable} for all`;
  return { question, answer: own * 2 >= holders.total ? 'yes' : 'no', because, ids: [] };
}

function shape(service: ServiceFacts): Measured {
  const { depth, width, deepest, peakInstances } = shapeOf(service);
  if (service.alive === null) return null;
  const deep =
    depth === null
      ? ''
      : `, the fullest with ${deepest ?? 0} sessions (${trim(100 * depth, 0)} % of its pools)`;
  return `${peakInstances} of ${service.contract.maxInstances} instances (${trim(100 * width, 0)} %)${deep}`;
}

function held(run: RunFacts, service: ServiceFacts, tUs: number): Measured {
  const holders = holdersAt(run, tUs);
  if (holders === null) return null;
  const own = holders.rows.filter(({ who }) => who === service.contract.name);
  const words = own.map(
    ({ state, count, oldest_ms: oldest }) =>
      `${count} ${state}${oldest === null ? '' : ` (oldest ${formatMs(oldest)})`}`,
  );
  return words.length === 0 ? 'none of its sessions was sampled' : words.join(', ');
}

function probed({ evidence }: RunFacts): Measured {
  const probes = evidence.events.filter((event) => event.kind === 'probe');
  const [worst] = [...probes].sort((a, b) => a.ok / a.sent - b.ok / b.sent);
  if (worst === undefined) return null;
  return `once all was quiet, ${worst.ok} of ${worst.sent} requests at once got a session`;
}

const secondsBefore = 10;

function opened({ evidence }: RunFacts, { exact }: ServiceFacts, tUs: number): Measured {
  if (exact === null) return null;
  const fromUs = tUs - secondsBefore * 1e6;
  const opens = evidence.events.filter(
    (event) => event.kind === 'link' && event.what === 'session' && event.t_us >= fromUs && event.t_us <= tUs,
  ).length;
  return `${opens} sessions were opened in the ${secondsBefore} s before, ${countAt(exact.steps, tUs)} were open then`;
}

function revisions(service: ServiceFacts, tUs: number): Measured {
  const there = heldAt(service, tUs);
  if (service.perRevision.size === 0) return null;
  const words = there.map(({ revision, sessions }) => `${revision} ${sessions}`).join(', ');
  return `${there.length === 1 ? 'one revision' : `${there.length} revisions`} held sessions at the first refusal${words === '' ? '' : `: ${words}`}`;
}

function amplified(run: RunFacts, tUs: number): Measured {
  const phase = phaseAt(run.phases, tUs);
  const own = run.amplification.find((one) => one.phase === phase?.name);
  if (own?.client === undefined || own.client === null) return null;
  return `${trim(own.client, 2)} attempts for each request in ${own.phase}`;
}
