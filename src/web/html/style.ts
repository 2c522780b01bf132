// The style sheet: inline, so that a page is one request. A hash of exactly this text is in the Content-Security-Policy.

/** Every rule of every page. */
export const STYLE = `
:root{--bg:#f5f6f8;--card:#fff;--ink:#161b22;--soft:#49535f;--line:#dde1e7;--link:#0a50b8;
--good:#075e33;--good-b:#def3e6;--busy:#6b4300;--busy-b:#ffefc9;--bad:#a10f1c;--bad-b:#fde5e5;--calm:#434d59;--calm-b:#e7eaef}
@media(prefers-color-scheme:dark){:root{--bg:#0e1217;--card:#161b22;--ink:#e8ecf2;--soft:#a9b4c2;--line:#2b333e;--link:#8fbcff;
--good:#80e0a8;--good-b:#10301f;--busy:#f7cd74;--busy-b:#35290b;--bad:#ffa6a6;--bad-b:#3d181b;--calm:#b4becb;--calm-b:#232b36}}
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0;display:flex;flex-direction:column;min-height:100vh;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:.15em;text-decoration-thickness:1px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
code,.m{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.92em}
p,dl,dd{margin:0}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;padding:.5rem 1rem;background:var(--card);z-index:1}
.sprite{display:none}
.w{width:100%;max-width:78rem;margin:0 auto;padding:0 1.5rem}
header{border-bottom:1px solid var(--line);background:var(--card)}
header .w{display:flex;flex-wrap:wrap;gap:.25rem 2rem;align-items:center;padding-top:.8rem;padding-bottom:.8rem}
.brand{display:flex;gap:.55rem;align-items:center;font-weight:650;color:inherit;text-decoration:none}
.brand svg{width:1.5rem;height:1.5rem}
header nav{display:flex;gap:.25rem 1.25rem}
[aria-current]{color:inherit;font-weight:650;text-decoration:none}
.sim{background:var(--busy-b);color:var(--busy);font-weight:600;text-align:center;padding:.35rem 1rem}
main.w{padding-top:2rem;padding-bottom:3rem;flex:1}
main:focus{outline:0}
h1{display:flex;gap:.9rem;align-items:center;font-size:clamp(1.45rem,1.1rem + 1.5vw,2rem);line-height:1.2;margin:0 0 .5rem;letter-spacing:-.015em;text-wrap:balance}
h1 .i{width:1.5em;height:1.5em;padding:.3em;border-radius:50%;align-self:start;margin-top:-.15em}
h2{font-size:1.2rem;margin:2.5rem 0 .5rem}
.lead{color:var(--soft);max-width:80ch}.lead+.lead{margin-top:.25rem}
.s,td p,th p,dd p{font-size:.875rem;line-height:1.75;color:var(--soft);font-weight:400}
.msg{color:var(--ink)}
.i{width:1em;height:1em;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.p{display:inline-flex;gap:.4em;align-items:center;margin:0 0 .2rem -.1rem;padding:.1em .65em;border-radius:1em;font-size:.875rem;font-weight:600}
.good{color:var(--good);background:var(--good-b)}.busy{color:var(--busy);background:var(--busy-b)}
.bad{color:var(--bad);background:var(--bad-b)}.calm{color:var(--calm);background:var(--calm-b)}
.n{display:flex;gap:.8rem;border-radius:12px;padding:.85rem 1.1rem;margin:1rem 0}
.n>.i{width:1.25rem;height:1.25rem;margin-top:.15rem}
.n>div{flex:1;min-width:0;max-width:75ch}
.n a{color:inherit}
.n ul{margin:.25rem 0;padding-left:1.1rem}
pre{margin:.75rem 0;padding:.75rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:10px;white-space:pre-wrap;font-size:.875rem}
table{width:100%;border-spacing:0;background:var(--card);border:1px solid var(--line);border-radius:14px;margin:.75rem 0}
caption{text-align:left;font-size:.875rem;color:var(--soft);padding:.5rem 0}
thead th{font-size:.8rem;font-weight:600;color:var(--soft);text-align:left;padding:.65rem 1rem;border-bottom:1px solid var(--line)}
tbody th,tbody td{text-align:left;vertical-align:top;padding:.9rem 1rem;font-weight:400}
tbody tr+tr>*{border-top:1px solid var(--line)}
.nm{font-weight:650;font-size:1.06rem;color:inherit}
.r th:nth-child(4),.num{text-align:right;font-variant-numeric:tabular-nums}
.nw{white-space:nowrap}
.spark{display:block;margin:.3rem 0 .4rem}
.spark path{fill:var(--soft)}.spark .x{fill:var(--bad)}.spark .g{stroke:var(--card);stroke-width:24;stroke-dasharray:1.5 3.5}
.f{display:flex;flex-wrap:wrap;gap:.4rem;margin:.5rem 0;align-items:baseline;font-size:.875rem}
.f>span{color:var(--soft);min-width:6.5rem}
.f a,.bt{padding:.1rem .7rem;border:1px solid var(--line);border-radius:99px;background:var(--card);text-decoration:none}
.f a:hover,.bt:hover{border-color:var(--link)}
.f [aria-current]{background:var(--ink);border-color:var(--ink);color:var(--bg)}
.bt{display:inline-block;margin:.5rem 0;font-size:.875rem}
summary{cursor:pointer;color:var(--link)}
dl.k{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,15rem),1fr));gap:1.25rem 2rem;background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1.1rem 1.25rem;margin:1.25rem 0}
dt{font-size:.8rem;font-weight:600;color:var(--soft);margin-bottom:.3rem}
progress{width:100%;max-width:26rem;height:.6rem;accent-color:currentColor;display:block;margin:.4rem 0}
.pg{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:baseline;margin:1rem 0}
footer{border-top:1px solid var(--line);color:var(--soft);font-size:.875rem}
footer .w{padding-top:1.1rem;padding-bottom:2rem;display:flex;flex-wrap:wrap;gap:.25rem 1.75rem}
@media(min-width:60.01rem){table{table-layout:fixed}.o th:nth-child(1){width:21%}.o th:nth-child(4){width:18%}.o th:nth-child(5){width:19%}
.d th:nth-child(1){width:48%}.d th:nth-child(2){width:25%}.r th:nth-child(1){width:20%}.r th:nth-child(2){width:15%}.r th:nth-child(4){width:9%}.x th:nth-child(1){width:40%}}
@media(max-width:60rem){
.w{padding-left:1rem;padding-right:1rem}
.t,.t tbody,.t tr,.t caption,.t tbody th,.t td{display:block}
.t thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.t{background:none;border:0;position:relative}
.t tr{background:var(--card);border:1px solid var(--line);border-radius:14px;margin:0 0 .75rem;padding:.4rem 0}
.t tbody tr>*{border:0;padding:.4rem 1rem}
.t td::before{display:block;font-size:.75rem;font-weight:600;color:var(--soft);margin-bottom:.1rem}
.o td:nth-child(2)::before{content:"Production"}.o td:nth-child(3)::before{content:"Latest build"}.o td:nth-child(4)::before{content:"Builds"}.o td:nth-child(5)::before{content:"Upkeep"}
.d td:nth-child(3)::before{content:"Kept until"}.l td:nth-child(2)::before{content:"Deployments"}.l td:nth-child(3)::before{content:"To delete"}.l td:nth-child(4)::before{content:"Planned"}.l td:nth-child(5)::before{content:"Next pruning"}
.r td:nth-child(4)::before{content:"API calls"}.x td:nth-child(3)::before{content:"Reason"}
.t .num{text-align:left}
}
@media(min-width:34rem) and (max-width:60rem){.t tr{display:grid;grid-template-columns:1fr 1fr}.t tbody th{grid-column:1/-1}}
@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#999;--link:#000;--good:#000;--busy:#000;--bad:#000;--calm:#000}
.skip,header nav,.pg,.f,.bt{display:none}tr,.n{break-inside:avoid}.p,.n{border:1px solid #999}
main a[href^=http]::after{content:" (" attr(href) ")";font-size:.8em}time[title]::after{content:" (" attr(title) ")"}}
@media(forced-colors:active){.p,.n,.sim,h1 .i{border:1px solid}.spark path{fill:CanvasText}.spark .x{fill:Highlight}.spark .g{stroke:Canvas}.f [aria-current]{outline:2px solid}}
`;

const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(STYLE)));

/** SHA-256 of the style sheet in base64, as a Content-Security-Policy names it. Taken once, when the Worker starts. */
export const STYLE_HASH = btoa(String.fromCharCode(...bytes));
