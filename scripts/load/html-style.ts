/** Colours keep a contrast of 4.5 to 1 for words and 3 to 1 for lines, in both themes. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f4f6f8;--card:#fff;--ink:#17202b;--quiet:#556272;--rule:#dde3ea;--good:#11693a;--good-back:#dff3e7;
--bad:#b3261e;--bad-back:#fde7e5;--accepted:#1f6feb;--refused:#76838f;--failed:#c93c37;--p50:#2a9d8f;--p95:#b7791f;--p99:#b83280;--remaining:#6b4fd8}
@media (prefers-color-scheme:dark){:root{--page:#0f141a;--card:#171e26;--ink:#e6ebf1;--quiet:#9aa7b5;--rule:#2b3540;--good:#7ee2a8;--good-back:#12351f;
--bad:#ff9b94;--bad-back:#451a18;--accepted:#6ea8ff;--refused:#8b98a5;--failed:#ff7b72;--p50:#4fd1c5;--p95:#ecc15b;--p99:#f687b3;--remaining:#a594ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1080px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:1.05rem;margin:0 0 8px}h2 small,.quiet,small{color:var(--quiet);font-weight:400;font-size:.85rem}
.verdict{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline;margin:20px 0;padding:14px 18px;border-radius:12px;font-weight:600}
.verdict.good{color:var(--good);background:var(--good-back)}.verdict.bad{color:var(--bad);background:var(--bad-back)}
.verdict span{font-weight:400}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin:0 0 20px;padding:0}
.tiles div,figure,section{background:var(--card);border:1px solid var(--rule);border-radius:12px}
.tiles div{padding:12px 16px}.tiles dt{color:var(--quiet);font-size:.85rem}.tiles dd{margin:0;font-size:1.45rem;font-weight:650;line-height:1.3}
figure,section{margin:0 0 20px;padding:18px 20px}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;list-style:none;margin:0 0 12px;padding:0;font-size:.9rem}
.legend i{display:inline-block;width:18px;height:4px;border-radius:2px;margin-right:7px;vertical-align:middle;background:var(--colour)}
.plot{position:relative;margin:0 8px 0 52px;padding-bottom:26px}
.plot svg{display:block;width:100%;height:220px;overflow:visible}
.y{position:absolute;left:-52px;top:0;width:44px;height:220px}.y span{position:absolute;right:0;transform:translateY(50%);font-size:.78rem;color:var(--quiet)}
.x span{position:absolute;bottom:0;transform:translateX(-50%);white-space:nowrap;font-size:.78rem;color:var(--quiet)}
.grid{stroke:var(--rule);stroke-width:1;vector-effect:non-scaling-stroke}
.line{fill:none;stroke:var(--colour);stroke-width:2;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}
.area{fill:var(--colour);opacity:.13}.hover{fill:transparent}.hover:hover{fill:var(--quiet);fill-opacity:.12}
.accepted{--colour:var(--accepted)}.refused{--colour:var(--refused)}.failed{--colour:var(--failed)}
.p50{--colour:var(--p50)}.p95{--colour:var(--p95)}.p99{--colour:var(--p99)}.remaining{--colour:var(--remaining)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{padding:7px 10px;text-align:right;border-bottom:1px solid var(--rule);white-space:nowrap}
th{font-weight:500;color:var(--quiet)}tbody th,thead th:first-child{text-align:left}tbody tr:last-child>*{border-bottom:0}
td.zero{color:var(--quiet)}td.must{box-shadow:inset 0 0 0 1.5px var(--good);border-radius:6px;color:var(--good)}
td.broken{background:var(--bad-back);color:var(--bad);font-weight:700;box-shadow:inset 0 0 0 1.5px var(--bad);border-radius:6px}
.matrix table{border-collapse:separate;border-spacing:3px}.matrix th,.matrix td{border:0}
.key{margin:10px 0 0}.empty{color:var(--quiet)}
.found h3{font-size:1rem;margin:14px 0 2px;color:var(--bad)}.found ul,.notes{margin:4px 0 0;padding-left:20px;overflow-wrap:anywhere}
footer{color:var(--quiet);font-size:.85rem;overflow-wrap:anywhere}
@media (max-width:720px){.tiles{grid-template-columns:repeat(2,1fr)}}
@media (max-width:560px){main{padding:20px 12px 40px}figure,section{padding:14px 12px}th,td{padding:6px 7px}.tiles{gap:8px}.tiles dd{font-size:1.2rem}.plot{margin-left:44px}.y{left:-44px;width:38px}}
@media print{body{background:#fff}figure,section{break-inside:avoid}}`;
