const columns = [
  ['name', 30],
  ['verdict', 13],
  ['failing', 40],
];

/** One line a run, as soon as it is judged. */
export function print(row) {
  const cells = columns.map(([key, width]) => text(row[key]).padEnd(width));
  console.log(`${isRight(row) ? ' ' : '!'} ${cells.join(' ')} ${verdictOn(row)}`);
}

export function isRight({ kind, missing, rank, wrong }) {
  return kind === 'fault' ? missing.length === 0 && rank === 1 : wrong.length === 0;
}

function verdictOn({ kind, planted, missing, rank, ranked, wrong, folder }) {
  if (kind !== 'fault') return wrong.length === 0 ? '' : `WRONG: ${wrong.join(', ')} (${folder})`;
  const caught = missing.length === 0 ? planted.bounds.join(' ') : `MISSED ${missing.join(' ')}`;
  const named = `${planted.diagnoses.join('/')} at ${rank ?? '-'}: ${ranked.join(' ')}`;
  return `${caught}; ${named}${missing.length === 0 && rank === 1 ? '' : ` (${folder})`}`;
}

function text(value) {
  return Array.isArray(value) ? value.join(' ') || '-' : String(value);
}
