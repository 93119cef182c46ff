const areas = [
  'active',
  'in-transaction',
  'aborted',
  'idle',
  'starting',
  'other',
  'planned',
  'retries',
  'ready',
  'alive',
  'lag',
] as const;

const outcomes = [
  'ok',
  'shed',
  'pool-timeout',
  'platform',
  'stmt-timeout',
  'db-error',
  'deadline',
  'client-timeout',
  'conn-error',
  'dishonest',
  'client-error',
  'unknown',
] as const;

const fills = [
  ...areas.map((tone) => `.area.${tone}{fill:var(--${tone})}`),
  ...outcomes.map((outcome) => `.area.o-${outcome}{fill:var(--${outcome})}`),
].join('\n');

/** The stack of charts and the budget bar. */
export const chartStyle = `
svg{display:block;overflow:visible}
svg.shapes{overflow:hidden}
svg text{font-size:11.5px;fill:var(--muted)}
.stack{position:relative;border-radius:6px;outline-offset:8px;scroll-margin-top:12px}
.plot-row{display:grid;grid-template-columns:56px minmax(0,1fr) 142px;column-gap:8px}
svg.plot,svg.axis,svg.gutter{width:100%}
svg.axis text{text-anchor:end}
.chart{padding:18px 0 0}
.chart header{display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 18px;margin:0 0 8px 64px}
.chart h3{margin:0;font-size:14px;white-space:nowrap}
.legend{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:2px 16px;font-size:12.5px;color:var(--muted)}
.legend li{display:flex;align-items:baseline;gap:5px;white-space:nowrap}
.legend .key{align-self:center;flex:none}
.legend b{color:var(--ink);font-weight:600}
.legend .value{min-width:8ch}
th .key{display:inline-block}
.numbers{margin:6px 0 0 64px;font-size:12.5px;color:var(--muted)}
.numbers .hint{margin:4px 0}
.numbers summary{list-style:none}
.numbers summary::-webkit-details-marker{display:none}
.as-table{color:var(--link);white-space:nowrap;border-bottom:1px dotted currentColor}
.numbers table{width:auto;color:var(--ink);font-size:12.5px}
.numbers th,.numbers td{padding:3px 22px 3px 0;text-align:right}
.numbers th:first-child{text-align:left}

.band{fill:none}.band.stress{fill:var(--stress)}
.grid{stroke:var(--rule);stroke-width:1}
.area{stroke:none}
.line{fill:none;stroke-width:1.6;vector-effect:non-scaling-stroke;stroke-linejoin:round}
.dots{fill:none;stroke-width:4;stroke-linecap:round;vector-effect:non-scaling-stroke}
${fills}
.area.dropped{fill:url(#hatch-over)}
.area.gap{fill:url(#hatch-gap)}
.area.o-dropped,.area.o-unfinished{fill:url(#hatch-loose)}
.line.sent{stroke:var(--sent)}
.line.retry-lag{stroke:var(--retries)}
.line.rev-0{stroke:var(--rev-0)}.line.rev-1{stroke:var(--rev-1)}.line.rev-2{stroke:var(--rev-2)}.line.rev-3{stroke:var(--rev-3)}
.line[class*=rev-]{stroke-width:2}.line.casing{stroke:var(--card);stroke-width:4.5}
.line.exact{stroke:var(--exact);stroke-width:1.3}
.area.ok-band{fill:var(--ok);opacity:.22}.area.refusal-band{fill:var(--shed);opacity:.34}
.line.ok-p50{stroke:var(--ok-line);stroke-width:2}.line.ok-p99{stroke:var(--ok-line);stroke-dasharray:4 3}
.line.refusal-p50{stroke:var(--refusal-line);stroke-width:2}.line.refusal-p99{stroke:var(--refusal-line);stroke-dasharray:4 3}
.dots.failure{stroke:var(--failure);opacity:.55}
line.limit,line.soft-limit,line.wall{stroke-width:1.4}
line.limit{stroke:var(--limit);stroke-dasharray:6 3}
line.soft-limit{stroke:var(--warn);stroke-dasharray:2 3}
line.wall{stroke:var(--wall)}
.gutter .label-limit{fill:var(--limit)}.gutter .label-soft-limit{fill:var(--warn)}.gutter .label-wall{fill:var(--wall)}
.violation{stroke:var(--violation);stroke-width:1;stroke-dasharray:1 3;stroke-linecap:round}
line.change{stroke:var(--change);stroke-width:1.2;stroke-dasharray:5 3}
.mark-refused{fill:var(--violation);stroke:var(--card);stroke-width:.75}
.mark-open{fill:none;stroke:var(--failure);stroke-width:1.4}
.hatch-ground-over{fill:var(--fail-ground)}.hatch-line-over{fill:var(--fail)}
.hatch-line-loose{fill:var(--muted)}.hatch-line-gap{fill:var(--violation)}

.ruler{position:sticky;top:0;z-index:2;background:var(--card);border-bottom:1px solid var(--rule);padding-top:6px}
.clock-label{font-size:11.5px;color:var(--muted);text-align:right;align-self:start;margin-top:17px;white-space:nowrap}
.phase-name{text-anchor:middle;fill:var(--ink);font-weight:600;font-size:12px}
.phase-more{font-weight:400;fill:var(--muted)}
.tick{text-anchor:middle}
.flag text{fill:var(--violation);font-weight:650}.flag.of-change text{fill:var(--change);font-weight:600}
.foot{margin-top:2px}
.cross,.cross-time{visibility:hidden}
.crossed .cross,.crossed .cross-time{visibility:visible}
.crossed .ruler .tick{opacity:.15}
.cross{stroke:var(--ink);stroke-width:1;pointer-events:none}
.cross-time{fill:var(--ink);font-weight:650;paint-order:stroke;stroke:var(--card);stroke-width:5px;stroke-linejoin:round;pointer-events:none;white-space:pre}

svg.budget{width:100%}
.lane{font-size:12px}
.area.slots-free{fill:var(--faint)}
.area.slots-headroom{fill:var(--in-transaction);opacity:.55}.area.slots-others{fill:var(--starting);opacity:.6}
.area.slots-reserved{fill:var(--other)}
.area.slots-claim{fill:var(--active);opacity:.45}.area.slots-overlap{fill:url(#hatch-loose);opacity:.7}
.area.part-0{fill:var(--active)}.area.part-1{fill:var(--ok)}.area.part-2{fill:var(--deadline)}.area.part-3{fill:var(--conn-error)}
.area.uncertain{fill:url(#hatch-loose)}.area.over{fill:url(#hatch-over)}
.tick-mark line{stroke:var(--muted);stroke-width:1;stroke-dasharray:2 2}
.tick-mark text{fill:var(--ink)}
.tick-mark.wall line{stroke:var(--wall);stroke-dasharray:none;stroke-width:1.4}
.budget-legend{margin-top:8px}

@media (max-width:720px){
.plot-row{grid-template-columns:40px minmax(0,1fr);column-gap:6px}
.plot-row>*{grid-row:1}
.plot-row>.plot{grid-column:2}
svg.gutter{grid-column:2;width:100%;pointer-events:none}
svg.gutter text{transform:translate(100%,-9px);text-anchor:end;font-size:10.5px;paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
span.gutter{display:none}
.chart header,.numbers{margin-left:0}
.chart header{margin-bottom:18px}
.legend .value{min-width:0}
.clock-label{visibility:hidden}
.wide-only{display:none}
svg text{font-size:10.5px}
}
@media print{
.ruler{position:static}
.legend .value{min-width:0}
svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
