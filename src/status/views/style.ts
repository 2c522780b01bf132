// The style sheet: inline, so that a page is one request. A hash of exactly this text is in the Content-Security-Policy.

/** Every rule of every page. */
export const STYLE = `
:root{--bg:#f5f6f8;--card:#fff;--ink:#161b22;--soft:#49535f;--line:#dde1e7;--link:#0a50b8;
--good:#075e33;--good-b:#def3e6;--busy:#6b4300;--busy-b:#ffefc9;--bad:#a10f1c;--bad-b:#fde5e5;--calm:#434d59;--calm-b:#e9ecf1}
@media(prefers-color-scheme:dark){:root{--bg:#0e1217;--card:#161b22;--ink:#e8ecf2;--soft:#a9b4c2;--line:#2b333e;--link:#8fbcff;
--good:#80e0a8;--good-b:#10301f;--busy:#f7cd74;--busy-b:#35290b;--bad:#ffa6a6;--bad-b:#3d181b;--calm:#b4becb;--calm-b:#232b36}}
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:.15em;text-decoration-thickness:1px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
code,.m{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9em}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;padding:.5rem 1rem;background:var(--card);z-index:1}
.sprite{display:none}
.w{max-width:76rem;margin:0 auto;padding:0 1.25rem}
header{border-bottom:1px solid var(--line);background:var(--card)}
header .w{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:center;padding-top:.7rem;padding-bottom:.7rem}
.brand{display:flex;gap:.55rem;align-items:center;font-weight:650;color:inherit;text-decoration:none}
.brand svg{width:1.4rem;height:1.4rem}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
nav [aria-current]{color:inherit;font-weight:600;text-decoration:none}
.sim{background:var(--busy-b);color:var(--busy);font-weight:600;text-align:center;padding:.35rem 1rem}
main{padding-top:1.75rem;padding-bottom:2.5rem}
main:focus{outline:0}
h1{font-size:clamp(1.45rem,1.1rem + 1.6vw,2.1rem);line-height:1.2;margin:0 0 .4rem;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:1.2rem;margin:2.25rem 0 .75rem;letter-spacing:-.005em}
p{margin:0}
.lead{color:var(--soft);max-width:65ch}
.s,td p+p,th p+p,.s p{font-size:.875rem;color:var(--soft);font-weight:400}
.i{width:1em;height:1em;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.p{display:inline-flex;gap:.35em;align-items:center;padding:.1em .6em;border-radius:99px;font-size:.875rem;font-weight:600;border:1px solid transparent;white-space:nowrap}
.good{color:var(--good);background:var(--good-b)}.busy{color:var(--busy);background:var(--busy-b)}
.bad{color:var(--bad);background:var(--bad-b)}.calm{color:var(--calm);background:var(--calm-b)}
.n{display:flex;gap:.75rem;border-radius:10px;padding:.8rem 1rem;margin:1rem 0}
.n .i{width:1.25rem;height:1.25rem;margin-top:.15rem}
.n a{color:inherit}
.n ul,.n ol{margin:.25rem 0;padding-left:1.25rem}
pre{margin:.5rem 0;padding:.6rem .8rem;background:var(--card);color:var(--ink);border:1px solid var(--line);border-radius:8px;white-space:pre-wrap;font-size:.85rem}
table{width:100%;border-collapse:separate;border-spacing:0;background:var(--card);border:1px solid var(--line);border-radius:12px;margin:1rem 0}
caption{text-align:left;font-size:.875rem;color:var(--soft);padding:0 0 .6rem}
thead th{font-size:.8rem;font-weight:600;color:var(--soft);text-align:left;padding:.6rem 1rem;border-bottom:1px solid var(--line);white-space:nowrap}
tbody th,tbody td{text-align:left;vertical-align:top;padding:.9rem 1rem;font-weight:400}
tbody tr+tr>*{border-top:1px solid var(--line)}
.nm{font-weight:650;font-size:1.06rem}
.msg{color:var(--ink)}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.spark{display:block;height:24px;margin:.5rem 0 .1rem;overflow:visible}
.spark path{fill:none;stroke-width:3;stroke:var(--soft)}.spark .x{stroke:var(--bad);stroke-width:3;stroke-dasharray:2 1}
.f{display:flex;flex-wrap:wrap;gap:.3rem .9rem;margin:.35rem 0;font-size:.925rem}
.f b{font-weight:600}.f dt,.f>span:first-child{color:var(--soft);min-width:6.5rem}
.f [aria-current]{color:inherit;font-weight:650;text-decoration:none}
details summary{cursor:pointer;color:var(--link)}
dl.k{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,14rem),1fr));gap:1rem 1.5rem;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem 1.25rem;margin:1rem 0}
dl.k dt{font-size:.8rem;font-weight:600;color:var(--soft)}dl.k dd{margin:.15rem 0 0}
progress{width:100%;max-width:24rem;height:.6rem;accent-color:currentColor;display:block;margin:.4rem 0}
.pg{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:baseline;margin:1rem 0}
footer{border-top:1px solid var(--line);color:var(--soft);font-size:.875rem}
footer .w{padding-top:1rem;padding-bottom:2rem;display:flex;flex-wrap:wrap;gap:.25rem 1.5rem}
@media(max-width:46rem){
.w{padding-left:1rem;padding-right:1rem}
table.t,.t tbody,.t tr,.t tbody th,.t td{display:block}
.t thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.t{background:none;border:0}
.t tr{background:var(--card);border:1px solid var(--line);border-radius:12px;margin:0 0 .75rem;padding:.35rem 0}
.t tbody tr>*{border:0;padding:.4rem 1rem}
.t td::before{display:block;font-size:.75rem;font-weight:600;color:var(--soft)}
.o td:nth-child(2)::before{content:"Production"}.o td:nth-child(3)::before{content:"Latest build"}.o td:nth-child(4)::before{content:"Upkeep"}
.d td:nth-child(3)::before{content:"How long it stays"}
.t .num{text-align:left}
}
@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#999;--link:#000;--good:#000;--busy:#000;--bad:#000;--calm:#000}
.skip,nav,.pg,.f,.nop{display:none}tr,.n{break-inside:avoid}.p,.n{border:1px solid #999}
main a[href^=http]::after{content:" (" attr(href) ")";font-size:.8em}time[title]::after{content:" (" attr(title) ")"}}
@media(forced-colors:active){.p,.n,.sim{border:1px solid}.spark path{stroke:CanvasText}}
`;
