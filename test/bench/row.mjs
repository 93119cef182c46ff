// A measured value as it stands in the table and in reports/bench.json.

/**
 * `peer`: what it is held against, `{ name, value }`; the ratio is value / peer unless given, as the median of
 * paired rounds is. `goal`: what it should be, `{ text, met }`. `rounds`: the value of every round.
 */
export function row(name, value, unit, { peer = null, ratio, goal = null, rounds = null } = {}) {
  return {
    name,
    value,
    unit,
    peer,
    ratio: ratio ?? (peer === null ? null : value / peer.value),
    goal,
    rounds,
  };
}

/** A goal that a value stays at or under a limit. */
export function atMost(value, limit, unit = '') {
  return { text: `<= ${limit}${unit}`, met: value <= limit };
}

/** A goal that several must hold for. */
export function all(...goals) {
  return { text: goals.map(({ text }) => text).join(', '), met: goals.every(({ met }) => met) };
}
