import { chartStyle } from './chart-style.ts';
import { variables } from './palette.ts';

/** Text, cards and tables. */
const pageStyle = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1200px;margin:0 auto;padding:28px 24px 56px}
h1,h2,h3,p,ul,dl,dd{margin:0}
h1{font-size:22px;line-height:1.35;font-weight:600;text-wrap:pretty}
h2{font-size:16px;font-weight:650;letter-spacing:-.005em;margin-bottom:12px}
h3{font-size:13px;font-weight:650;margin:16px 0 6px}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:2px}
code,pre,.id,.hash{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.92em}
pre{background:var(--faint);border-radius:6px;padding:10px 12px;margin:0 0 10px;overflow-x:auto}
.hash{overflow-wrap:anywhere}
.muted{color:var(--muted)}.small{font-size:12px}.nowrap{white-space:nowrap}
.hint{color:var(--muted);font-size:12.5px}
.prov{font-size:.62em;color:var(--muted);vertical-align:.25em;cursor:help;font-weight:400}
.prov-legend{margin-top:10px}.prov-legend .prov{font-size:.8em}
.tag{display:inline-block;font-size:11px;line-height:1;padding:3px 6px;border:1px solid var(--rule);border-radius:99px;color:var(--muted);vertical-align:1px;white-space:nowrap}
.card{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:20px 22px;margin-top:16px}
.card.quiet{background:none}
details>summary{cursor:pointer}
details.card>summary h2{display:inline;margin:0}
details.card[open]>summary{margin-bottom:8px}
details.card{padding:14px 22px}
footer{margin-top:28px}
.defs{position:absolute}

.verdict{border-left:6px solid var(--tone);background:var(--card);border-radius:4px 10px 10px 4px;padding:20px 24px 18px;box-shadow:inset 0 0 0 1px var(--rule)}
.v-pass{--tone:var(--pass);--tone-ground:var(--pass-ground)}.v-degraded{--tone:var(--warn);--tone-ground:var(--warn-ground)}
.v-fail{--tone:var(--fail);--tone-ground:var(--fail-ground)}
.v-inconclusive,.v-aborted,.v-interrupted{--tone:var(--unsure);--tone-ground:var(--unsure-ground)}
.run-name{font-weight:600;margin-bottom:10px}.run-name .muted{font-weight:400}
.badge{display:inline-block;background:var(--tone-ground);color:var(--tone);border:1px solid currentColor;border-radius:6px;padding:1px 10px;margin-right:6px;font-weight:700;letter-spacing:.02em;white-space:nowrap}
.verdict-means{margin-top:6px;font-size:13.5px}
.answers{display:flex;flex-wrap:wrap;gap:10px 36px;margin:16px 0}
.answers dt{font-size:12px;color:var(--muted)}
.answers dd{font-weight:650;font-size:16px}
.answers .wide{flex:1 1 300px}
.answers .detail{font-weight:400;font-size:14px;color:var(--ink)}
.a-yes{color:var(--pass)}.a-no{color:var(--fail)}.a-inconclusive{color:var(--unsure)}
.label{font-size:12px;font-weight:400;color:var(--muted);margin:0 0 2px}
.facts{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:2px 22px;font-size:13.5px}
.facts span{color:var(--muted)}.facts b{font-weight:600}

table{border-collapse:collapse;width:100%;font-size:13.5px}
th,td{text-align:left;vertical-align:top;padding:7px 12px 7px 0;border-bottom:1px solid var(--rule)}
th:last-child,td:last-child{padding-right:0}
tbody tr:last-child>*{border-bottom:0}
thead th{font-size:12px;font-weight:500;color:var(--muted);vertical-align:bottom}
tbody th{font-weight:500}
.n{text-align:right;white-space:nowrap}
.n+:not(.n){padding-left:14px}
.scroll{overflow-x:auto}
.pairs th{font-weight:400;color:var(--muted);white-space:nowrap;width:1%}
.pairs td{overflow-wrap:anywhere}
.status{font-weight:650;white-space:nowrap}
.s-pass .status,.status.s-pass,.s-pass-sampled .status{color:var(--pass)}
.s-fail .status,.status.s-fail{color:var(--fail)}.s-fail.soft .status{color:var(--warn)}
.s-inconclusive .status{color:var(--unsure)}.s-not-applicable{color:var(--muted)}
.b-name,.b-first{white-space:nowrap}
.b-first .muted{display:block;font-size:12.5px}
.b-seen{width:40%}
.bounds th:nth-child(5){padding-left:10px}.bounds .b-first{padding-left:10px}
.bounds tr:target>*{background:var(--faint)}
.witness summary{color:var(--link);font-size:12.5px;width:max-content}
.witness p{font-size:13px;padding:6px 10px;margin-top:4px;background:var(--faint);border-radius:6px}
.lever-line{font-size:17px;font-weight:600;margin-bottom:6px}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:0 44px}
dl.incident-questions{margin:0}.incident-questions dt{font-weight:600;margin-top:8px}.incident-questions dd{margin:0}
.columns ul,#not-tested ul,.lever details ul{padding-left:18px}
.lever details{margin-top:14px}.lever details li{margin-top:6px}
#not-tested ul+p{margin-top:8px}
.sum{font-size:14px;margin-bottom:14px}

@media (max-width:720px){
main{padding:14px 10px 40px}
.card,.verdict{padding:16px 14px}
h1{font-size:19px}
.headline{display:block;margin-top:8px}
.bounds thead{display:none}
.bounds,.bounds tbody,.bounds tr,.bounds td{display:block}
.bounds tr{display:flex;flex-wrap:wrap;gap:1px 14px;padding:11px 0;border-bottom:1px solid var(--rule)}
.bounds tr:last-child{border-bottom:0}
.bounds tr>td,.bounds tr:last-child>td{border:0;padding:0;text-align:left}
.bounds td[data-label]::before{content:attr(data-label) " ";color:var(--muted)}
.bounds .none{display:none}
.bounds .b-name{flex:1 0 55%}
.bounds .b-first{padding-left:0}
.bounds .b-first,.b-seen{flex:1 0 100%}
th,td{padding-right:9px}
.what-if{font-size:12.5px}
.b-seen{order:1}
.b-first .muted{display:inline}
}
@media print{
body{background:none;font-size:11px}
main{max-width:none;padding:0}
.card,.verdict{break-inside:avoid;border-color:#ccc;box-shadow:none}
#charts,.bounds,details.card{break-inside:auto}
.chart{break-inside:avoid}
details:not([open])>summary .as-table{display:none}
a{color:inherit;text-decoration:none}
}
`;

/** The whole style of the page. On paper it is always light. */
export const styleSheet = `:root{color-scheme:light dark;${variables('light')}}
@media (prefers-color-scheme:dark){:root{${variables('dark')}}}
@media print{:root{color-scheme:light;${variables('light')}}}
${pageStyle}${chartStyle}`;
