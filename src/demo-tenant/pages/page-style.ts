/** The style of the demo tenant's pages: one column, the system's fonts, and its light or dark mode. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ground: #eef1f5; --card: #fff; --ink: #1b1f24; --soft: #59636e;
  --line: #ccd3db; --edge: #7d8793; --accent: #5b3fc4; --on-accent: #fff; --hover: #f3f1fc; --wrong: #b3261e; --mark: #fff3cd; --on-mark: #574100 }
@media (prefers-color-scheme: dark) { :root { --ground: #14171b; --card: #1f2328; --ink: #e8eaed; --soft: #a2abb5;
  --line: #3d444d; --edge: #7a8490; --accent: #a899f5; --on-accent: #17122e; --hover: #2a2740; --wrong: #ff9a91; --mark: #3d3212; --on-mark: #f5dc8c } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; grid-template-rows: auto 1fr; background: var(--ground);
  color: var(--ink); font: 16px/1.5 system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif }
body > p { margin: 0; padding: .5rem 1rem; text-align: center; font-size: .875rem; background: var(--mark); color: var(--on-mark) }
main { align-self: center; justify-self: center; width: min(26rem, 100% - 2rem); margin: 1.5rem 0; padding: 2rem;
  background: var(--card); border: 1px solid var(--line); border-radius: 12px }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; line-height: 1.25 }
main p { margin: 0 0 1rem; color: var(--soft) }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; font-size: .875rem }
input:not([type=hidden]) { display: block; width: 100%; padding: .6rem .75rem; font: inherit; color: inherit;
  background: transparent; border: 1px solid var(--edge); border-radius: 8px }
button { padding: .6rem 1.1rem; font: inherit; font-weight: 600; color: inherit; background: transparent;
  border: 1px solid var(--edge); border-radius: 8px; cursor: pointer }
button:hover { background: var(--hover) }
button.primary { color: var(--on-accent); background: var(--accent); border-color: var(--accent) }
button.primary:hover { filter: brightness(1.08) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.actions { display: flex; flex-direction: row-reverse; justify-content: flex-start; gap: .75rem; margin-top: 1.5rem }
.accounts { display: grid; gap: .5rem; margin-top: 1rem }
.accounts button { width: 100%; text-align: left; font-weight: 400 }
.accounts strong { display: block }
.accounts span, dt { color: var(--soft); font-size: .875rem }
ul { margin: 1rem 0; padding: 0; list-style: none; border-top: 1px solid var(--line) }
li { padding: .5rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
details { margin-top: 1.5rem; font-size: .875rem; color: var(--soft) } summary { cursor: pointer }
dl { margin: 1rem 0 0 } dt { margin-top: .75rem } dd { margin: 0; overflow-wrap: anywhere; font-family: ui-monospace, Consolas, monospace; font-size: .8125rem }
main p.wrong { margin: 1rem 0 0; color: var(--wrong) }
`;
