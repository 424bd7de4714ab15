/** The one style sheet, inline: a page needs nothing but itself. Colours meet WCAG AA in both schemes; test/page checks it with axe. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--paper:#fff;--wash:#f6f8fa;--link:#0550ae;
--critical:#b3130f;--critical-wash:#fff0ee;--warning:#7a4b00;--warning-wash:#fff6dd;--unclear:#5b3a9e;--unclear-wash:#f5f0ff;
--info:#0a4f9e;--info-wash:#eaf4ff;--healthy:#0f6a2f;--healthy-wash:#e9f8ee}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b1;--line:#3d444d;--paper:#0f1318;--wash:#171c23;--link:#79b8ff;
--critical:#ff8f87;--critical-wash:#2d1414;--warning:#f0c45c;--warning-wash:#2a2108;--unclear:#cbb2ff;--unclear-wash:#211a33;
--info:#8cc4ff;--info-wash:#10233a;--healthy:#6fdc8c;--healthy-wash:#0e2516}}
*{box-sizing:border-box}
html{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;color:var(--ink);background:var(--paper)}
body{margin:0 auto;max-width:64rem;padding:1rem 1.25rem 4rem;overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible,input:focus-visible,select:focus-visible,button:focus-visible,textarea:focus-visible,pre:focus-visible,[tabindex]:focus-visible
{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
h1{font-size:1.75rem;line-height:1.2;margin:.25rem 0 .5rem;text-wrap:balance}
h2{font-size:1.25rem;margin:2.5rem 0 .75rem}
h3{font-size:1.05rem;margin:0}
p{margin:.5rem 0;max-width:46rem}
.top{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;align-items:baseline;border-bottom:1px solid var(--line);padding-bottom:.75rem;margin-bottom:1.5rem}
.top b{margin-right:auto}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.5rem}
.soft{color:var(--soft)}.small{font-size:.875rem}
.mark{font-weight:600;white-space:nowrap}
.mark i{display:inline-block;width:1.25em;height:1.25em;line-height:1.25em;margin-right:.35em;border-radius:50%;text-align:center;font-style:normal;font-size:.8em;border:1px solid currentColor}
.critical{color:var(--critical)}.warning{color:var(--warning)}.unclear{color:var(--unclear)}.info{color:var(--info)}.healthy{color:var(--healthy)}
.verdict{border-left:.4rem solid;padding:.75rem 1rem;border-radius:.4rem;margin-bottom:1rem}
.verdict>*:not(.mark){color:var(--ink)}
.verdict.critical,.card.critical{background:var(--critical-wash)}.verdict.warning,.card.warning{background:var(--warning-wash)}
.verdict.unclear,.card.unclear{background:var(--unclear-wash)}.verdict.info,.card.info{background:var(--info-wash)}.verdict.healthy{background:var(--healthy-wash)}
.card{border:1px solid var(--line);border-left:.4rem solid;border-radius:.4rem;padding:.9rem 1rem;margin:0 0 1rem}
.card>*{color:var(--ink)}.also{margin:.25rem 0;max-width:none}
.card header{display:flex;flex-wrap:wrap;gap:.1rem .75rem;align-items:baseline}
.card header .mark{margin-left:auto}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15rem 1rem;margin:.6rem 0;font-size:.9375rem}
.facts dt{color:var(--soft)}.facts dd{margin:0}
.card.critical .mark{color:var(--critical)}.card.warning .mark{color:var(--warning)}.card.unclear .mark{color:var(--unclear)}.card.info .mark{color:var(--info)}
details{margin:.5rem 0}summary{cursor:pointer;font-weight:600;padding:.15rem 0}
ol.steps{margin:.5rem 0;padding-left:1.5rem}ol.steps>li{margin:.6rem 0}.part{color:var(--soft);font-size:.8125rem;font-weight:600;letter-spacing:.02em;margin-right:.25rem}
pre{margin:.4rem 0;padding:.6rem .75rem;background:var(--paper);border:1px solid var(--line);border-radius:.3rem;overflow-x:auto;font:.85rem/1.5 ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace;white-space:pre-wrap;user-select:all}
code{font:.9em ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace}
.tree,.tree ul{list-style:none;margin:.25rem 0;padding-left:0}.tree li{margin:.2rem 0;padding-left:1.45em}
.tree .k{display:inline-block;width:1.2em;margin-left:-1.45em;text-align:center;font-weight:700}
.tree .ok>.k{color:var(--healthy)}.tree .bad>.k{color:var(--critical)}.tree .unseen>.k{color:var(--unclear)}.tree .skipped,.tree .skipped>.k{color:var(--soft)}
.tree q{quotes:none;display:block;color:var(--soft);font-size:.9rem}
.panels{columns:2 24rem;column-gap:1rem}
.panel{break-inside:avoid;margin:0 0 1rem;border:1px solid var(--line);border-radius:.4rem;padding:.6rem .9rem;min-width:0;overflow-wrap:anywhere}.panel h3{margin:.1rem 0 .4rem;font-size:1rem}
.changes li.ill::marker{color:var(--critical)}.changes li.well::marker{color:var(--healthy)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
.scroll+.scroll{margin-top:1.5rem}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--soft);font-size:.875rem;white-space:nowrap}
td.num{font-variant-numeric:tabular-nums;white-space:nowrap}
form.explain{display:grid;gap:.75rem;max-width:50rem;margin:1rem 0}form.explain textarea{font:inherit;font-family:ui-monospace,monospace;font-size:.875rem;padding:.5rem;width:100%;box-sizing:border-box;color:inherit;background:transparent;border:1px solid var(--soft);border-radius:.3rem}form.explain button{justify-self:start}code{overflow-wrap:anywhere}
form.filters{display:flex;flex-wrap:wrap;gap:.5rem .75rem;align-items:end;margin:1rem 0}
label{display:grid;gap:.15rem;min-width:0;max-width:100%;font-size:.875rem;color:var(--soft)}
input,select,button,textarea{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--soft);border-radius:.3rem;padding:.4rem .6rem;min-height:2.5rem}
select,input{max-width:20rem}
textarea{width:100%;min-height:10rem;font:.85rem/1.5 ui-monospace,Menlo,Consolas,monospace}
button{background:var(--link);border-color:var(--link);color:var(--paper);font-weight:600;cursor:pointer}
.counts{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;padding:0;margin:.5rem 0;list-style:none}
.counts a{text-decoration:none}.counts a:hover{text-decoration:underline}
.counts a[aria-current]{text-decoration:underline;font-weight:700}
.pages{display:flex;gap:1rem;margin:1rem 0}
.days{display:block;width:9rem;height:1.1rem}h2+.days{width:100%;height:1.75rem}
.days rect{fill:var(--line)}.days .h{fill:var(--healthy)}.days .i{fill:var(--info)}.days .u{fill:var(--unclear)}.days .w{fill:var(--warning)}.days .c{fill:var(--critical)}
footer{margin-top:3rem;border-top:1px solid var(--line);padding-top:.75rem}
@media (max-width:36rem){body{padding:.75rem .75rem 3rem}.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:.4rem}.card header .mark{margin-left:0}
table.stack thead{position:absolute;left:-99rem}table.stack tr{display:block;padding:.4rem 0;border-bottom:1px solid var(--line)}
table.stack td{display:grid;grid-template-columns:7rem 1fr;gap:.5rem;border:0;padding:.1rem 0;white-space:normal}table.stack td::before{content:attr(data-label);color:var(--soft)}}
@media print{body{max-width:none}.top nav,form.filters,.pages,.skip{display:none}details::details-content{content-visibility:visible;display:block}.card,.verdict{break-inside:avoid}a{color:inherit}}
`;
