import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderJunit } from '../../src/report/junit/render-junit.ts';
import { hasPrograms } from '../support/has-programs.ts';
import { brokenRun } from './support/runs.ts';
import { parseXml, type XmlNode } from './support/parse-xml.ts';

const { summary } = brokenRun();

describe('junit.xml', () => {
  let root: XmlNode;
  let cases: ReadonlyMap<string, XmlNode>;

  beforeAll(async () => {
    root = parseXml(await renderJunit(summary));
    const suite = root.children[0];
    const found = suite?.children.filter(({ name }) => name === 'testcase') ?? [];
    cases = new Map(found.map((one) => [one.attributes['name']?.slice(0, 3) ?? '', one]));
  });

  const childrenOf = (id: string): readonly string[] => cases.get(id)?.children.map(({ name }) => name) ?? [];

  it('has one test case for each bound, and counts them', () => {
    expect(cases.size).toBe(summary.bounds.length);
    expect(root.attributes).toMatchObject({ tests: '9', failures: '3', errors: '1', skipped: '1' });
  });

  it('maps FAIL to failure, INCONCLUSIVE to error, NOT_APPLICABLE to skipped, and lets a soft FAIL pass', () => {
    expect(childrenOf('B05')).toContain('failure');
    expect(childrenOf('B11')).toContain('error');
    expect(childrenOf('B23')).toContain('skipped');
    expect(childrenOf('B20')).toEqual(['properties', 'system-out']);
    expect(childrenOf('B01')).toEqual(['properties', 'system-out']);
  });

  it('tells when a bound was first broken', () => {
    const properties = cases.get('B03')?.children[0]?.children.map(({ attributes }) => attributes);
    expect(properties).toMatchObject([
      { name: 'provenance', value: 'observed' },
      { name: 'first_violation', value: '0:28.1 (burst +3.91 s)' },
    ]);
  });

  it('stays well-formed whatever a reason holds', async () => {
    const [first, ...others] = summary.bounds;
    if (first === undefined) throw new Error('no bound');
    const nasty = 'a\u0000\u001b[31m]]> <b> "&\u2028 \ud800 \uffff';
    const xml = await renderJunit({
      ...summary,
      name: nasty,
      bounds: [{ ...first, name: nasty, reason: nasty }, ...others],
    });
    expect(xml).not.toMatch(/[^\P{Cc}\n]/u);
    expect(parseXml(xml).children[0]?.attributes['name']).toContain('<b> "&');
  });

  it.skipIf(!hasPrograms('junit.xml read by Python', ['python3']))(
    'parses as XML by a parser that is not ours',
    async () => {
      const xml = await renderJunit(summary);
      const python = `import sys,xml.etree.ElementTree as e;print(len(e.fromstring(sys.stdin.buffer.read()).findall('.//testcase')))`;
      const count = execFileSync('python3', ['-c', python], { input: xml, encoding: 'utf8' });
      expect(count.trim()).toBe(String(summary.bounds.length));
    },
  );
});
