import type { UserConsoleLog } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

const mark = /SKIPPED: .+/g;

/** Repeats at the end which tests were skipped, and what this machine lacks to run them. */
export class SkippedReporter implements Reporter {
  readonly #missing = new Set<string>();

  onUserConsoleLog({ content }: UserConsoleLog): void {
    for (const [line] of content.matchAll(mark)) this.#missing.add(line);
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules.flatMap((module) => {
      const skipped = [...module.children.allTests('skipped')].length;
      return skipped === 0 ? [] : [`${String(skipped).padStart(5)} skipped in ${module.relativeModuleId}`];
    });
    if (lines.length + this.#missing.size > 0) console.log(['', ...lines, ...this.#missing].join('\n'));
  }
}
