import { createHash } from 'node:crypto';
import type { Evidence } from '../../evidence/evidence.ts';
import type { Summary } from '../../verdict/summary/summary.ts';
import { stack } from './charts/stack.ts';
import { hatchings } from './hatchings.ts';
import { script } from './script.ts';
import { boundsTable } from './sections/bounds-table.ts';
import { budgetBar } from './sections/budget-bar.ts';
import { instanceDetails } from './sections/instance-details.ts';
import { capacityDetails } from './sections/capacity-details.ts';
import { changesTable } from './sections/changes.ts';
import { incidentPage } from './sections/incident.ts';
import { firstLever } from './sections/lever.ts';
import { notTested } from './sections/not-tested.ts';
import { phaseDetails } from './sections/phase-details.ts';
import { poolerTable } from './sections/pooler-table.ts';
import { predictionDetails } from './sections/prediction-details.ts';
import { reproduce } from './sections/reproduce.ts';
import { settingDetails } from './sections/setting-details.ts';
import { validityDetails } from './sections/validity-details.ts';
import { verdictHead } from './sections/verdict-head.ts';
import { watchDetails } from './sections/watch-details.ts';
import { styleSheet } from './style/style-sheet.ts';
import { html, trusted, type Markup } from './template.ts';
import { makeView } from './view.ts';

/** Whole elements, so that they hold exactly the text that is hashed. */
const styleElement = trusted(`<style>${styleSheet}</style>`);
const scriptElement = trusted(`<script>${script}</script>`);

/** `report.html`: one file that needs no network, no server and, but for the crosshair, no script. */
export function renderHtml(evidence: Evidence, summary: Summary): string {
  const view = makeView(evidence, summary);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy()}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="poolproof ${summary.tool_version}" />
        <title>${summary.verdict} · ${summary.name} · poolproof</title>
        ${styleElement}
      </head>
      <body>
        ${hatchings}
        <main>
          ${verdictHead(view)} ${budgetBar(view)} ${poolerTable(view)} ${boundsTable(view)}
          ${changesTable(view)} ${firstLever(view)} ${incidentPage(view)} ${notTested(view)}
          <section class="card" id="charts">
            <h2>What happened, on one time axis</h2>
            ${stack(view)}
          </section>
          ${phaseDetails(view)} ${capacityDetails(view)} ${predictionDetails(view)} ${validityDetails(view)}
          ${instanceDetails(view)} ${watchDetails(view)} ${settingDetails(view)} ${reproduce(view)}
          ${colophon(summary)}
        </main>
        ${scriptElement}
      </body>
    </html> `.text;
}

/** Nothing may be loaded, and only the very style and script of this page may act. */
function policy(): string {
  return `default-src 'none'; style-src '${hashOf(styleSheet)}'; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function colophon({ tool_version: version }: Summary): Markup {
  return html`<footer class="muted small">
    Rendered by poolproof ${version} from the recording beside this file. Times are on the run clock, which
    starts with the run.
  </footer>`;
}
