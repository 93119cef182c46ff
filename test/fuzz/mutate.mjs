/** A seeded stream of numbers in [0, 1) (mulberry32): a failing case can be made again. */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What breaks readers: numbers without end, what YAML, terminals, SQL and HTML take for their own, and long texts. */
export const hostile = [
  '1e15',
  '-1',
  '9'.repeat(400),
  '1e999',
  'null',
  '[]',
  '{}',
  '""',
  '~',
  '*a',
  '&a [*a]',
  '!!js x',
  '\0',
  '\u001b[2J',
  '\u202egpj',
  '\ufeff',
  '"unclosed',
  '[[[[[[',
  '- - - -',
  '__proto__',
  'constructor',
  '${env:HOME}',
  '${file:/dev/zero}',
  '${file:/etc}',
  '${data.x.y}',
  '${rand_int(1,9e99)}',
  '/dev/zero',
  '../../x',
  'a'.repeat(5000),
  'é\ud800',
  '\r\n',
  '\t',
  "'; drop table x --",
  '<script>',
  '0s',
  '1e9s',
  '999999999h',
  '0/s',
  '1e9/s',
  '$..*..*..*',
  "$[?match(@,'(a+)+$')]",
  '2026-02-30',
  'true',
  '0x7fffffff',
  '-9007199254740993',
];

const pick = (random, list) => list[Math.floor(random() * list.length)];

/** A text with one to six places changed. */
export function mutateText(text, random) {
  let lines = text.split('\n');
  for (let left = 1 + Math.floor(random() * 6); left > 0; left -= 1) {
    const at = Math.floor(random() * lines.length);
    const line = lines[at] ?? '';
    const cut = Math.floor(random() * (line.length + 1));
    const changes = [
      () => lines.splice(at, 1),
      () => lines.splice(at, 0, pick(random, lines)),
      () => (lines[at] = line.slice(0, cut) + pick(random, hostile) + line.slice(cut)),
      () => (lines[at] = line.replace(/(:\s*)[^\s,}\]]+/, (_, colon) => colon + pick(random, hostile))),
      () => (lines[at] = line.replace(/[\w-]+(?=:)/, () => pick(random, hostile))),
      () => (lines[at] = ' '.repeat(Math.floor(random() * 9)) + line.trimStart()),
      () =>
        (lines[at] = line.replace(/\d+/, () =>
          pick(random, ['0', '-1', '1e15', '1e308', '0.5', '2147483648']),
        )),
      () => (lines = [...lines, ...lines].slice(0, 12_000)),
      () => (lines = lines.slice(0, at + 1)),
    ];
    pick(random, changes)();
  }
  return lines.join('\n');
}

/** Bytes with some changed, taken out or added. */
export function mutateBytes(bytes, random) {
  const changed = Buffer.from(bytes);
  for (let left = 1 + Math.floor(random() * 8); left > 0 && changed.length > 0; left -= 1)
    changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256);
  return random() < 0.2 ? changed.subarray(0, Math.floor(random() * changed.length)) : changed;
}

/** A JSON value with some of its parts exchanged for what nobody expects there. */
export function mutateJson(value, random) {
  if (random() < 0.01)
    return pick(random, [null, -1, 0, 1e15, 1e308, 0.5, '', 'x', [], {}, true, pick(random, hostile)]);
  if (Array.isArray(value)) {
    const items = value.map((item) => mutateJson(item, random));
    return random() < 0.02 ? [...items, ...items] : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, mutateJson(item, random)]);
  return Object.fromEntries(random() < 0.02 ? entries.slice(1) : entries);
}

/** The head and body of an answer such as no sound server gives. */
export function hostileAnswer(random) {
  const header = () =>
    pick(random, [
      () => `server-timing: acquire;dur=${pick(random, hostile)}`,
      () => `retry-after: ${pick(random, hostile)}`,
      () => `content-length: ${pick(random, hostile)}`,
      () => `x-error-code: ${pick(random, hostile)}`,
      () => `x-instance: ${pick(random, hostile)}`,
      () => `x-poolproof-received-us: ${pick(random, hostile)}`,
      () => `date: ${pick(random, hostile)}`,
      () => 'transfer-encoding: chunked',
      () => `set-cookie: ${pick(random, hostile)}=${pick(random, hostile)}`,
      () => `${pick(random, hostile)}: ${pick(random, hostile)}`,
      () => 'content-encoding: gzip',
    ])();
  const status = pick(random, [
    '200 OK',
    '503 No',
    '500 x',
    '429 y',
    '99999 z',
    '-1',
    '100 Continue',
    '204 None',
    '304 N',
  ]);
  const headers = Array.from({ length: Math.floor(random() * 12) }, header);
  const body = pick(random, [
    '',
    'ok',
    'fffffffff\r\n',
    '5\r\nhello\r\n0\r\n\r\n',
    '['.repeat(20_000),
    `{"a":"${'a'.repeat(40_000)}!"}`,
    'remaining connection slots are reserved '.repeat(2000),
  ]);
  const length = random() < 0.5 ? [`content-length: ${body.length}`] : [];
  return Buffer.from(`HTTP/1.1 ${status}\r\n${[...headers, ...length].join('\r\n')}\r\n\r\n${body}`, 'utf8');
}
