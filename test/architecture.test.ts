import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

interface Cruise {
  readonly summary: { readonly violations: readonly Violation[] };
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly resolved: string }[];
  }[];
}

const options = ['--config', '.dependency-cruiser.cjs', '--cache', 'node_modules/.cache/depcruise'];

const cruise = JSON.parse(
  execFileSync('node_modules/.bin/depcruise', [...options, '--output-type', 'json', 'src'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  }),
) as Cruise;

describe('the rooms', () => {
  it('keeps every arrow pointing down', () => {
    const broken = cruise.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
    expect(broken).toEqual([]);
  });

  it('really saw the modules and the imports between them', () => {
    const sources = cruise.modules
      .map((module) => module.source)
      .filter((source) => source.startsWith('src/'));
    const files = readdirSync('src', { recursive: true }).filter((name) => String(name).endsWith('.ts'));
    expect(sources.length).toBe(files.length);
    expect(sources.length).toBeGreaterThan(80);
    const judge = cruise.modules.find((module) => module.source === 'src/verdict/judge.ts');
    expect(judge?.dependencies.map((dependency) => dependency.resolved)).toContain(
      'src/evidence/evidence.ts',
    );
  });

  it('has no barrel but src/index.ts', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const barrels = files.filter((name) => /^export \*/m.test(readFileSync(`src/${name}`, 'utf8')));
    expect(barrels).toEqual([]);
  });
});
