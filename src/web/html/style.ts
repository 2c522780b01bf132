// The style sheet: inline, so that a page is one request. Hashes of exactly these texts are in the Content-Security-Policy.

/** The rules of every page. */
export const STYLE = `
:root{--bg:#fcfcfb;--card:#fff;--ink:#16181d;--soft:#59606c;--line:#e5e5e1;--edge:#868d99;--link:#1d4ed8;--fill:#c4cad5;--accent:#3b5bdb;
--good:#0a6b3d;--busy:#855000;--bad:#b3121f;--calm:#59606c;--busy-b:#fdf5e3;--bad-b:#fdf0ef;--calm-b:#f3f4f5}
@media(prefers-color-scheme:dark){:root{--bg:#101114;--card:#16181c;--ink:#eceef2;--soft:#a3a9b5;--line:#2a2d33;--edge:#767d8a;--link:#93b4ff;--fill:#454b57;--accent:#7c9bff;
--good:#6fd69b;--busy:#f2c15f;--bad:#ff9c97;--calm:#a3a9b5;--busy-b:#2a2210;--bad-b:#2d1719;--calm-b:#1c1f24}}
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0;display:flex;flex-direction:column;min-height:100vh;background:var(--bg);color:var(--ink);font:15px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}
a{color:inherit;text-decoration-color:var(--edge);text-decoration-thickness:1px;text-underline-offset:.2em}
a:hover{text-decoration-color:currentColor;text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
code,.m{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.87em}
p,dl,dd,h1,h2{margin:0}
.k{position:absolute;left:-99rem}.k:focus{left:1rem;top:.5rem;padding:.5rem 1rem;background:var(--card);z-index:1}
.z{display:none}
.w{width:100%;max-width:74rem;margin:0 auto;padding:0 1.5rem}
header .w{display:flex;flex-wrap:wrap;gap:.5rem 1.75rem;align-items:center;padding-top:1rem;padding-bottom:1rem}
header a{text-decoration:none;padding:.2rem 0}header a:hover{text-decoration:underline}
header nav{display:flex;gap:1.25rem}header form{flex:0 1 22rem;margin-left:auto}.gap{margin-top:.8rem}p.top,p+p.s{margin-top:.3rem}ul{margin:0;padding-left:1.2rem}
.b{display:flex;gap:.5rem;align-items:center;font-weight:650}.b svg{width:1.4rem;height:1.4rem}
[aria-current]{font-weight:650}
.sim{background:var(--busy-b);color:var(--busy);font-weight:600;text-align:center;padding:.35rem 1rem}
main.w{padding-top:1.25rem;padding-bottom:3.5rem;flex:1}
main:focus{outline:0}
h1{display:flex;gap:.6rem;font-size:clamp(1.4rem,1.15rem + 1.2vw,1.8rem);line-height:1.2;margin:0 0 .4rem;letter-spacing:-.02em;font-weight:680;text-wrap:balance}
h1 .i{width:1em;height:1em;margin-top:.1em}
h2{font-size:1rem;font-weight:650;margin:2.5rem 0 .6rem}
.s,small,td p,th p,dd p,.lead{font-size:.87rem;color:var(--soft);font-weight:400}
.lead{max-width:75ch}.lead+.lead{margin-top:.15rem}
.top{display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:center}
.i{width:.95em;height:.95em;flex:none;vertical-align:-.08em;fill:none;stroke:currentColor;stroke-width:2.3;stroke-linecap:round;stroke-linejoin:round}
.p{white-space:nowrap;font-weight:600;font-size:.87rem}.p .i{margin-right:.4em}
.good{color:var(--good)}.busy{color:var(--busy)}.bad{color:var(--bad)}.calm{color:var(--calm)}
.n{display:flex;flex-wrap:wrap;gap:.4rem 1.5rem;align-items:center;justify-content:space-between;border-left:3px solid;border-radius:0 10px 10px 0;padding:.7rem 1rem;margin:.8rem 0}
.n.busy{background:var(--busy-b)}.n.bad{background:var(--bad-b)}.n.calm{background:var(--calm-b)}
.n>div{flex:1 1 20rem;min-width:0;max-width:80ch;color:var(--ink)}
.n p+p{font-size:.87rem;margin-top:.1rem}.n ul{margin:.25rem 0;padding-left:1.1rem}
.ac{display:flex;flex-wrap:wrap;gap:.4rem}.ph{display:none}
.x{display:inline-block;padding:.16rem .65rem;border:1px solid var(--edge);border-radius:7px;text-decoration:none;font-size:.87rem;font-weight:400;color:var(--ink);background:var(--card);white-space:nowrap}
.x:hover{border-color:var(--ink)}.top .x{white-space:normal}
pre{margin:.75rem 0;padding:.75rem 1rem;background:var(--calm-b);border-radius:10px;white-space:pre-wrap;font-size:.87rem}
.f{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,13rem),1fr));gap:1px;margin:1.4rem 0 2rem;border:1px solid var(--line);border-radius:12px;background:var(--line);overflow:hidden}
.f div{padding:.8rem 1.1rem;background:var(--card)}
.e{fill:var(--bad)}
dl.el{display:grid;gap:.5rem}.el dd{font-size:.93rem;font-weight:400}
dt{font-size:.8rem;color:var(--soft)}
dd{font-size:1.1rem;font-weight:600;letter-spacing:-.01em;font-variant-numeric:tabular-nums;margin-top:.1rem}
dd p,dd small,dd .p{letter-spacing:0}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums;margin-top:1.75rem}
caption{text-align:left;padding:0 0 .6rem;font-weight:650}caption span{font-weight:400;color:var(--soft);font-size:.87rem}
th,td{text-align:left;font-weight:400;padding:.6rem .75rem;border-top:1px solid var(--line);vertical-align:baseline}
thead th{font-size:.8rem;color:var(--soft);border:0;padding-top:0;padding-bottom:.5rem;white-space:nowrap}
tbody a{text-decoration-color:transparent}tbody a:hover,tbody a:focus-visible{text-decoration-color:currentColor}
.nm{font-weight:600}.u{color:var(--soft)}
.cw{max-width:0;width:40%}.v .cw{width:46%}.c{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.c>a{display:block;padding:.1rem 0;overflow:hidden;text-overflow:ellipsis}.nw,.q{white-space:nowrap}.p+.p{margin-left:.7rem}.o .nm{width:16%}
.num{text-align:right}
.sp{width:6rem;height:1.2rem;vertical-align:-.25em}.sp path{fill:var(--fill)}.sp .e{fill:var(--bad)}.sp .g{stroke:var(--bg);stroke-width:24;stroke-dasharray:1.25 3.75}
dd .sp{width:10rem;max-width:100%;display:block}dd .sp .g{stroke:var(--card)}
.fd{display:block;width:100%;height:3.5rem;margin-top:.6rem}.fd,.ax{max-width:44rem}.fd path{fill:var(--accent)}.ax{display:flex;justify-content:space-between;margin-bottom:1.5rem}
.fl{display:flex;flex-wrap:wrap;gap:.2rem 1rem;margin:0 0 1rem;align-items:center;font-size:.87rem}
.fl a{text-decoration:none;padding:.25rem 0;border-bottom:2px solid transparent}.fl a:hover{border-color:var(--line)}.fl [aria-current]{border-color:currentColor}
form{display:flex;gap:.4rem}
input,button{font:inherit;font-size:.93rem;padding:.3rem .7rem;min-height:2.1rem;min-width:0;border:1px solid var(--edge);border-radius:8px;background:var(--card);color:inherit}
input{flex:1 1 12rem;width:100%}button:hover{border-color:var(--ink)}
.fl form{flex:0 1 20rem}
progress{width:100%;max-width:26rem;height:.6rem;accent-color:var(--accent);display:block;margin:.4rem 0}
.pg{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:baseline;margin:1rem .25rem}.pg a{padding:.25rem 0}
footer{border-top:1px solid var(--line);color:var(--soft);font-size:.87rem}
footer .w{padding-top:1rem;padding-bottom:2rem;display:flex;flex-wrap:wrap;gap:.25rem 1.5rem}
@media(min-width:52.01rem){tbody>tr>*{height:2.8rem}th:first-child,td:first-child{padding-left:.25rem}th:last-child,td:last-child{padding-right:.25rem}tbody tr:hover>*{background:var(--calm-b)}tbody .x{margin:-.2rem 0}}
@media(max-width:52rem){header form{flex:1 1 100%}
.w{padding-left:1rem;padding-right:1rem}
.f{grid-template-columns:1fr 1fr;margin:1rem 0 1.5rem}.f div{padding:.6rem .8rem}.f div:last-child:nth-child(odd){grid-column:1/-1}
table,tbody,caption{display:block}table{position:relative}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tbody tr{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.05rem .75rem;padding:.45rem 0;border-top:1px solid var(--line);align-items:baseline}
tbody th,tbody td{display:block;padding:0;border:0;min-width:0}.o .nm{width:auto}
.c,.v .c>a{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;white-space:normal}.cw,.v .cw{max-width:none;width:auto}.c>a{display:inline;padding:0}.ph{display:inline}
.o .c,.u{font-size:.87rem;color:var(--soft)}.q{text-align:right}
td.d,td:empty{display:none}
.v td:nth-child(1){order:1}.v .q{order:2}.v .cw{order:3}.v .go{order:4}.v .kp{order:5;grid-column:1/-1}
.wide{grid-column:1/-1}
}
@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#999;--good:#000;--busy:#000;--bad:#000;--calm:#000}
.k,header nav,form,.pg,.fl,.x,.f{display:none}body{font-size:10pt}tr,.n{break-inside:avoid}.n{border:1px solid #999}.c{white-space:normal}}
@media(forced-colors:active){.n,.f,.sim,.x{border:1px solid}.sp path{fill:GrayText}.e,.sp .e{fill:CanvasText}.sp .g{stroke:Canvas}.fl [aria-current]{border-color:Highlight}}
`;

/** Rules of the account's pictures, sent with `/` and `/runs` only. */
export const ACCOUNT_STYLE = `
.fc{display:block;width:100%;height:1.4rem;margin-top:.3rem}.fc path{fill:var(--accent);opacity:.5}.bar{height:.7rem;max-width:44rem}.fc .on{opacity:1}.fc .g{stroke:var(--calm-b);stroke-width:3;opacity:1}summary{cursor:pointer}
.cal{display:block;width:100%;max-width:30rem;height:auto;margin:1.75rem 0 .5rem}.l0{fill:var(--line)}.l1{fill:var(--fill)}.l2,.l3,.l4{fill:var(--accent)}.l2{opacity:.5}.l3{opacity:.75}.y{stroke:var(--bg);stroke-width:1.6;fill:none}.cal a:hover path{stroke:var(--ink)}
@media(forced-colors:active){.l0,.l1{fill:Canvas;stroke:GrayText}.l2,.l3,.l4{fill:GrayText}.y,.fc .g{stroke:Canvas}.fc path{fill:GrayText}.fc .on{fill:CanvasText}}
`;

const hashOf = (style: string): Promise<string> =>
  crypto.subtle
    .digest('SHA-256', new TextEncoder().encode(style))
    .then((bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))));

/** SHA-256 of each in base64, as a Content-Security-Policy names it. Taken once, when the Worker starts. */
export const STYLE_HASHES: readonly string[] = await Promise.all([STYLE, ACCOUNT_STYLE].map(hashOf));
