/**
 * Colours by what they mean, for light and for dark. The states and outcomes are told apart with any common
 * colour vision: neighbours in a stack differ in lightness as well as in hue.
 */
const palette = {
  page: ['#f6f7f8', '#0f1316'],
  card: ['#ffffff', '#171c20'],
  ink: ['#1b2127', '#e7ebee'],
  muted: ['#5b6670', '#9aa6b0'],
  rule: ['#dfe3e7', '#2c343b'],
  faint: ['#eef1f3', '#20272d'],
  link: ['#0b62a8', '#7cbcf0'],
  pass: ['#0f766e', '#4fd1bd'],
  fail: ['#b3261e', '#ff8a80'],
  warn: ['#9a5b00', '#f2b84b'],
  unsure: ['#6d4aa8', '#bda4f0'],
  'pass-ground': ['#e3f4f1', '#12312d'],
  'fail-ground': ['#fcebe9', '#3a1a18'],
  'warn-ground': ['#fdf1dc', '#35270f'],
  'unsure-ground': ['#f0eafa', '#271f3a'],
  stress: ['#fdf3e3', '#2a2317'],
  violation: ['#c5221f', '#ff7b72'],
  limit: ['#b3261e', '#ff8a80'],
  wall: ['#1b2127', '#e7ebee'],
  exact: ['#10161b', '#ffffff'],
  active: ['#1769aa', '#5cb0f2'],
  'in-transaction': ['#e8a013', '#f0b13c'],
  aborted: ['#8f3d0c', '#d9793f'],
  idle: ['#b7d6ee', '#2b536f'],
  starting: ['#b58ac4', '#8d6aa0'],
  other: ['#9aa4ad', '#6b7680'],
  planned: ['#d3dae0', '#36414a'],
  sent: ['#1769aa', '#5cb0f2'],
  retries: ['#e39a4f', '#b8763a'],
  ready: ['#3f7f9f', '#5aa5c8'],
  alive: ['#bcd7e4', '#2d4f60'],
  ok: ['#2a9d8f', '#3fb5a5'],
  shed: ['#efbe4f', '#e0ac3a'],
  'pool-timeout': ['#c77f00', '#b97a14'],
  platform: ['#f7dfa3', '#7d6a3a'],
  'stmt-timeout': ['#e58e80', '#e58e80'],
  'db-error': ['#b3261e', '#e0524a'],
  deadline: ['#9b6fc0', '#b08ad6'],
  'client-timeout': ['#5b2f91', '#7f56b8'],
  'conn-error': ['#54443b', '#a08a7c'],
  dishonest: ['#c2187a', '#f06bb2'],
  'client-error': ['#8a929a', '#7a848d'],
  unknown: ['#c3c9ce', '#50595f'],
  'ok-line': ['#0f766e', '#4fd1bd'],
  'refusal-line': ['#a86400', '#f2b84b'],
  'rev-0': ['#0b7a5c', '#57d3a6'],
  'rev-1': ['#8a2fb0', '#d58cf5'],
  'rev-2': ['#b4530a', '#f5a35c'],
  'rev-3': ['#5b6670', '#9aa6b0'],
  change: ['#3f51a8', '#a9b8ff'],
  failure: ['#b3261e', '#ff7b72'],
  lag: ['#7d8790', '#828d97'],
} as const satisfies Readonly<Record<string, readonly [light: string, dark: string]>>;

/** Custom properties of one scheme. */
export function variables(scheme: 'light' | 'dark'): string {
  const index = scheme === 'light' ? 0 : 1;
  return Object.entries(palette)
    .map(([name, colors]) => `--${name}:${colors[index]}`)
    .join(';');
}
