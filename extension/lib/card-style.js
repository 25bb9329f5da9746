// How the card on a page looks: sent to it with the card's words, as no page needs it before.

export const CARD = `
  :host { --ground: light-dark(#fff, #202225); --text: light-dark(#1c1d20, #eceae6); --quiet: light-dark(#55585e, #b0b2b6);
    --line: light-dark(#dedbd5, #3d4045); --link: light-dark(#1a4f94, #93bdf5); --warn: light-dark(#5a3c00, #f5d79b); --warn-ground: light-dark(#fdf3dc, #362b14); }
  :where(.card *) { box-sizing: border-box; margin: 0; padding: 0; }
  :where(.card button) { font: inherit; color: inherit; cursor: pointer; }
  .card { all: initial; color-scheme: inherit; font: 13px/1.45 system-ui, sans-serif;
    box-sizing: border-box; width: 344px; max-width: 100%; max-height: min(70vh, 560px, 100vh - 96px); overflow: auto; color: var(--text); background: var(--ground);
    border: 1px solid var(--line); border-radius: 10px; box-shadow: 0 8px 28px rgb(0 0 0 / .22); padding: 14px 16px 12px;
    display: grid; gap: 9px; overflow-wrap: anywhere; }
  .card:focus { outline: none; }
  .card h2 { font-size: 12px; font-weight: 600; color: var(--quiet); }
  .card .main { font-size: 15.5px; line-height: 1.35; font-weight: 620; text-wrap: pretty; }
  .card h3 { font-size: 12.5px; font-weight: 600; }
  .quiet { color: var(--quiet); font-size: 12px; text-wrap: balance; }
  blockquote { font: 14px/1.5 "Iowan Old Style", Charter, Georgia, serif; padding-left: 11px; border-left: 2px solid var(--line); }
  .warn { color: var(--warn); background: var(--warn-ground); border-radius: 6px; padding: 6px 10px; }
  .more { display: grid; gap: 9px; } .more[aria-busy=true] .strong { cursor: progress; }
  .said { border-top: 1px solid var(--line); padding-top: 9px; display: grid; gap: 3px; }
  ol { padding-left: 19px; } a { color: var(--link); text-underline-offset: 2px; }
  .row { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; border-top: 1px solid var(--line); padding-top: 9px; }
  .row button { background: none; border: 0; color: var(--link); text-decoration: underline; text-underline-offset: 2px; min-height: 24px; }
  .strong { justify-self: start; background: var(--text); color: var(--ground); border: 0; border-radius: 7px; padding: 6px 12px; min-height: 32px; font-weight: 550; }
`;
