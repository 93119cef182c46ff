import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTerminal } from '../../src/report/terminal/render-terminal.ts';
import { brokenRun, safeRun } from './support/runs.ts';

const plainLook = { color: false, width: 100 };

describe('the end summary', () => {
  it('says in words what colour says: verdict, broken bounds first, evidence, lever', () => {
    const text = renderTerminal(brokenRun().summary, plainLook);
    const lines = text.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^FAIL burst-unbudgeted: Postgres refused/);
    const marks = lines.filter((line) => /^ {2}[✗?✓–] /.test(line)).map((line) => line.trim().split(' ')[0]);
    expect(marks).toEqual(['✗', '✗', '✗', '?', '✓', '–']);
    expect(text).toContain(
      '✗ FAIL B03 headroom: 0 sessions ●, limit 30 sessions; first at 0:28.1 (burst +3.91 s)',
    );
    expect(text).toMatch(/evidence ●: sent \d/);
    expect(text).toContain('first lever: Lower max instances from 30 to 6.');
  });

  it('names every bound that was judged', () => {
    const { summary } = brokenRun();
    const text = renderTerminal(summary, plainLook);
    for (const { id } of summary.bounds) expect(text).toContain(id);
  });

  it('fits its width and 25 lines, however much is broken', () => {
    const { summary } = brokenRun();
    const long = 'far too many words '.repeat(30);
    const fail = summary.bounds.find(({ status }) => status === 'FAIL');
    if (fail === undefined) throw new Error('nothing is broken');
    const bounds = Array.from({ length: 26 }, (_, index) => ({
      ...fail,
      id: `B${String(index + 1).padStart(2, '0')}`,
      reason: `${long}${index}`,
      status: (['FAIL', 'INCONCLUSIVE', 'PASS', 'NOT_APPLICABLE'] as const)[index % 4] ?? 'FAIL',
    }));
    const validity = summary.validity.map((guard) => ({ ...guard, ok: false, reason: long }));
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 140 }), (width) => {
        const text = renderTerminal(
          { ...summary, headline: long, bounds, validity },
          { color: false, width },
        );
        const lines = text.trimEnd().split('\n');
        expect(lines.length).toBeLessThanOrEqual(25);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('colours only when told to, and says the same either way', () => {
    for (const { summary } of [safeRun(), brokenRun()]) {
      const plain = renderTerminal(summary, plainLook);
      const colored = renderTerminal(summary, { ...plainLook, color: true });
      expect(plain).not.toContain('\u001b');
      expect(colored).toContain('\u001b[');
      expect(stripVTControlCharacters(colored)).toBe(plain);
    }
  });

  it('lets no name or reason steer the terminal', () => {
    const { summary } = brokenRun();
    const nasty = '\u001b]0;owned\u0007\u001b[2J\u009b31mred\r\n';
    const bounds = summary.bounds.map((bound) => ({ ...bound, name: nasty, reason: nasty }));
    const text = renderTerminal({ ...summary, name: nasty, headline: nasty, bounds }, plainLook);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});
