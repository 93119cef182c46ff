// Rows as a table for a terminal.
import Table from 'cli-table3';

/** The table, a line a row. */
export function tableOf(rows) {
  const table = new Table({
    head: ['what', 'value', 'unit', 'against', 'ratio', 'goal'],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, value, unit, peer, ratio, goal } of rows)
    table.push([
      name,
      shown(value),
      unit,
      peer === null ? '' : `${peer.name}: ${shown(peer.value)}`,
      ratio === null ? '' : ratio.toFixed(2),
      goal === null ? '' : `${goal.met ? 'met' : 'MISSED'} (${goal.text})`,
    ]);
  return table.toString();
}

function shown(value) {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
