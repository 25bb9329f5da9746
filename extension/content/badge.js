// The in-page badge: a small chip, and on the upload page a clear panel. It lives in a shadow root of its own outside the
// site's markup, in a fixed place, so that it moves nothing, survives navigation within the page, and can break nothing.
(() => {
  'use strict';
  const ext = globalThis.browser ?? globalThis.chrome;
  const NAME = 'clausewatch-badge';
  const UPLOAD = /^\/upload(\/|$)/;
  const SVG = 'http://www.w3.org/2000/svg';
  const SHAPES = {
    triangle: 'M8 1.5 15.2 14.5H.8Z', diamond: 'M8 .5 15.5 8 8 15.5.5 8Z', circle: 'M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1Z',
    square: 'M2 2h12v12H2Z', bar: 'M1 6h14v4H1Z', dotted: 'M2 6.5h3v3H2Zm4.5 0h3v3h-3Zm4.5 0h3v3h-3Z',
  };
  const STYLE = `
    :host { all: initial; position: fixed; z-index: 2147483000; right: 16px; bottom: 72px; font: 13px/1.45 system-ui, sans-serif; }
    * { box-sizing: border-box; }
    .box { --back: #fff; --ink: #1c1b1f; --soft: #5b5f66; --line: #d5d7db; color: var(--ink); display: flex; flex-direction: column; align-items: flex-end; gap: 8px; }
    .dark { --back: #1e1f22; --ink: #f1f1f3; --soft: #b4b7bd; --line: #43464c; }
    button, a { font: inherit; color: inherit; cursor: pointer; }
    button:focus-visible, a:focus-visible { outline: 3px solid #3b82f6; outline-offset: 2px; }
    .chip { display: inline-flex; align-items: center; gap: 7px; min-height: 32px; padding: 4px 11px; border-radius: 16px; border: 1px solid var(--line);
      background: var(--back); color: var(--ink); box-shadow: 0 1px 5px rgb(0 0 0 / .18); }
    .chip b { letter-spacing: .03em; }
    svg { width: 14px; height: 14px; flex: none; }
    .panel { width: min(330px, calc(100vw - 32px)); padding: 14px 16px; border-radius: 10px; border: 1px solid var(--line); background: var(--back);
      box-shadow: 0 4px 18px rgb(0 0 0 / .22); }
    .panel[hidden] { display: none; }
    h2 { margin: 0 0 6px; font-size: 14px; display: flex; gap: 8px; align-items: center; }
    p { margin: 0 0 8px; } .soft { color: var(--soft); font-size: 12px; }
    .row { display: flex; gap: 14px; flex-wrap: wrap; align-items: center; }
    .row button { background: none; border: 0; padding: 4px 0; text-decoration: underline; }
  `;

  let path = '';
  let dismissed = '';
  let running = false;

  /** Brings the badge to what the page at hand wants; called after every navigation. */
  async function update() {
    if (running) return;
    running = true;
    try {
      path = location.pathname;
      const answer = await ext.runtime.sendMessage({kind: 'site'});
      if (answer) draw(answer);
      else remove();
    } catch {
      remove(); // The extension was reloaded or removed: leave the page as it was.
      clearInterval(watch);
    } finally {
      running = false;
    }
  }

  function remove() {
    document.querySelector(NAME)?.remove();
  }

  function draw(answer) {
    remove();
    const host = document.createElement(NAME);
    const root = host.attachShadow({mode: 'open'});
    const uploading = UPLOAD.test(path) && dismissed !== path;
    const box = element('div', {className: `box${dark(answer.theme) ? ' dark' : ''}`, lang: answer.language});
    const panel = drawPanel(answer, uploading);
    const chip = drawChip(answer, panel);
    box.append(panel, chip);
    root.append(element('style', {textContent: STYLE}), box);
    document.documentElement.append(host);
  }

  function drawChip(answer, panel) {
    const chip = element('button', {className: 'chip', type: 'button'});
    chip.setAttribute('aria-expanded', String(!panel.hidden));
    chip.setAttribute('aria-label', `${answer.question} ${answer.letter}. ${answer.label}`);
    chip.title = answer.label;
    chip.append(shape(answer), element('span', {textContent: answer.question}), element('b', {textContent: answer.letter}));
    chip.addEventListener('click', () => toggle(panel, chip, panel.hidden));
    panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') toggle(panel, chip, false);
    });
    panel.querySelector('.close').addEventListener('click', () => toggle(panel, chip, false));
    return chip;
  }

  function toggle(panel, chip, open) {
    panel.hidden = !open;
    chip.setAttribute('aria-expanded', String(open));
    if (open) panel.querySelector('a').focus();
    else {
      dismissed = path;
      chip.focus();
    }
  }

  function drawPanel(answer, open) {
    const panel = element('section', {className: 'panel', hidden: !open});
    panel.setAttribute('role', 'region');
    panel.setAttribute('aria-label', answer.label);
    const title = element('h2', {});
    title.append(shape(answer), element('span', {textContent: answer.label}));
    panel.append(title, element('p', {className: 'sentence', textContent: answer.sentence}));
    if (UPLOAD.test(path)) panel.append(element('p', {className: 'upload', textContent: answer.upload}));
    if (answer.age) panel.append(element('p', {className: 'soft', textContent: answer.age}));
    const row = element('div', {className: 'row'});
    const close = element('button', {type: 'button', className: 'close', textContent: answer.words.close});
    const hide = element('button', {type: 'button', className: 'hide', textContent: answer.words.hide});
    hide.addEventListener('click', async () => {
      await ext.runtime.sendMessage({kind: 'hide'});
      remove();
    });
    row.append(element('a', {href: answer.details, target: '_blank', rel: 'noopener noreferrer', textContent: answer.words.details}), close, hide);
    panel.append(row);
    return panel;
  }

  function shape(answer) {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 16 16');
    svg.setAttribute('aria-hidden', 'true');
    const outline = document.createElementNS(SVG, 'path');
    outline.setAttribute('d', SHAPES[answer.shape] ?? SHAPES.dotted);
    outline.setAttribute('fill', dark(answer.theme) ? 'currentColor' : answer.colour);
    svg.append(outline);
    return svg;
  }

  function dark(theme) {
    return theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  }

  function element(tag, properties) {
    return Object.assign(document.createElement(tag), properties);
  }

  // Navigation within the page changes the address without an event that a content script sees; the badge may also be
  // swept away by a re-render. Both are noticed here, for the price of two comparisons.
  const watch = setInterval(() => {
    if (location.pathname !== path) update();
    else if (!document.hidden && shown && !document.querySelector(NAME)) update();
  }, 700);
  let shown = true;
  ext.storage.onChanged.addListener((changes) => {
    if (changes.settings || changes.list) update().then(() => { shown = Boolean(document.querySelector(NAME)); });
  });
  update().then(() => { shown = Boolean(document.querySelector(NAME)); });
})();
