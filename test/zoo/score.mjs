// What was expected of a run against what its summary says. Pure.

/** @typedef {{ bounds: string[], diagnoses: string[] }} Planted */

export function failing(summary) {
  return summary.bounds
    .filter(({ status }) => status === 'FAIL')
    .map(({ id, severity }) => `${id}${severity === 'soft' ? ' soft' : ''}`);
}

/** A bad one: every planted bound fails, soft or hard, and the right diagnosis is as far in front as possible. */
export function scoreFault(planted, summary) {
  const failed = summary.bounds.flatMap(({ id, status }) => (status === 'FAIL' ? [id] : []));
  const ranked = summary.diagnosis.map(({ id }) => id);
  const at = ranked.findIndex((id) => planted.diagnoses.includes(id));
  return {
    missing: planted.bounds.filter((id) => !failed.includes(id)),
    rank: at < 0 ? null : at + 1,
    ranked,
  };
}

/** A good one: no hard bound fails. */
export function scoreTwin(summary) {
  return {
    wrong: summary.bounds
      .filter(({ status, severity }) => status === 'FAIL' && severity === 'hard')
      .map(({ id }) => id),
  };
}

/** A control: the verdict, the bounds that must fail and those that must not, the first lever, and what the headline says. */
export function scoreControl(expected, summary) {
  const failed = summary.bounds.flatMap(({ id, status }) => (status === 'FAIL' ? [id] : []));
  const [first = null] = summary.diagnosis.map(({ id }) => id);
  const { verdict, bounds = [], diagnosis, headline, broken = [] } = expected;
  const guards = summary.validity.flatMap(({ id, ok }) => (ok ? [] : [id]));
  const wrong = [
    ...(summary.verdict === verdict ? [] : [`${summary.verdict} for ${verdict}`]),
    ...bounds.filter((id) => !failed.includes(id)).map((id) => `${id} did not fail`),
    ...broken.filter((id) => !guards.includes(id)).map((id) => `${id} was not broken`),
    ...(diagnosis === undefined || diagnosis === first ? [] : [`${first} for ${diagnosis}`]),
    ...(headline === undefined || new RegExp(headline).test(summary.headline)
      ? []
      : [`headline: ${summary.headline}`]),
  ];
  return { wrong };
}

/** The sums that the whole zoo is held to. */
export function sumUp(faults, twins, controls) {
  const share = (count) => (faults.length === 0 ? 1 : count / faults.length);
  const caught = faults.filter(({ missing }) => missing.length === 0).length;
  const first = faults.filter(({ rank }) => rank === 1).length;
  const amongThree = faults.filter(({ rank }) => rank !== null && rank <= 3).length;
  const spared = twins.filter(({ wrong }) => wrong.length === 0).length;
  const held = controls.filter(({ wrong }) => wrong.length === 0).length;
  return {
    faults: faults.length,
    caught,
    first,
    amongThree,
    twins: twins.length,
    spared,
    controls: controls.length,
    held,
    isGood:
      caught === faults.length &&
      share(first) >= 0.8 &&
      share(amongThree) >= 0.95 &&
      spared === twins.length &&
      held === controls.length,
  };
}
