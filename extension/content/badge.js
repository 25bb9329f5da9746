/**
 * The badge on a page: a tab below the site's header, a line below a track's title, and a card, open on the upload page.
 * All of it takes no room in the page's layout, lives in shadow roots, and is put back when the page throws it away.
 * It knows nothing by itself: the background says what to show, and is asked for more only on a click.
 */
(() => {
  const ext = globalThis.browser ?? globalThis.chrome;
  const site = globalThis.clausewatchSite;
  const CHECK_AFTER = 150; // milliseconds after the page changed
  const CLICK_AFTER = 60; // milliseconds from a finger's lifting to its click

  let shown = null; // what to show, as the background says
  let drawn = null; // what of it is on the page
  let place = location.href;
  let timer = 0;
  let opener = null; // what had the focus before the card was opened
  let frame = 0; // asked for, to put everything where it belongs
  let minimised = false; // on the upload page, until the next page
  let asking = false; // the server, for the details
  let pressed = false; // a button of ours, or a link

  // What every page shows is styled in place: the browser is quicker with that than with rules.
  const LINE = 'light-dark(#dedbd5, #3d4045)';
  const HOST = `visibility: visible; pointer-events: auto; direction: ltr; text-transform: none; letter-spacing: normal;
    -webkit-text-fill-color: currentcolor; font: 600 12px/1.45 system-ui, sans-serif;`;
  const CORNER = `position: fixed; z-index: 2147483000; right: 16px; display: flex; align-items: flex-end; gap: 8px;
    max-width: calc(100vw - 32px); --wide: max(0px, (100vw - 700px) * 999);`; // on a narrow page without words
  const TITLE = 'display: flex; align-items: flex-start; position: relative; top: 8px; height: 0; z-index: 2; --round: 6px; --wide: 99em;';
  const PILL = `display: inline-flex; align-items: center; box-sizing: border-box; margin: 0; min-height: 28px;
    padding: 3px 11px 3px 9px; font: inherit; white-space: nowrap; cursor: pointer; max-width: 100%;
    color: light-dark(#1c1d20, #eceae6); background: light-dark(#fff, #202225); border: 1px solid ${LINE};
    border-radius: var(--round); box-shadow: 0 1px 3px rgb(0 0 0 / .16);`;
  const CHIP = `display: inline-flex; align-items: center; gap: 2px; color: #fff; border-radius: 4px; padding: 0 6px 0 2px;
    forced-color-adjust: none;`; // else the shape would go
  const SHAPE = 'width: 16px; height: 16px; margin: 0 -2px 0 -1px; scale: .5625; background: currentColor;';
  const LABEL = 'margin-left: min(7px, var(--wide)); max-width: var(--wide); overflow: hidden; text-overflow: ellipsis;';
  // What only a pointer, the keyboard, a printer or a card asks for.
  const RULES = `
    :host { --ground: light-dark(#fff, #202225); --text: light-dark(#1c1d20, #eceae6); --quiet: light-dark(#55585e, #b0b2b6);
      --line: ${LINE}; --link: light-dark(#1a4f94, #93bdf5); --warn: light-dark(#5a3c00, #f5d79b); --warn-ground: light-dark(#fdf3dc, #362b14); }
    .pill:hover { border-color: var(--quiet) !important; }
    :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    @media print { :host { display: none !important; } }
    :where(.card *) { box-sizing: border-box; margin: 0; padding: 0; }
    :where(.card button) { font: inherit; color: inherit; cursor: pointer; }
    .card { all: initial; color-scheme: inherit; font: 13px/1.45 system-ui, sans-serif;
      box-sizing: border-box; width: 344px; max-width: 100%; max-height: min(70vh, 560px); overflow: auto; color: var(--text); background: var(--ground);
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

  const changes = new MutationObserver(soon);
  const corner = host('corner');
  corner.addEventListener('pointerdown', press);
  const title = host('title');
  let sheet = null; // of both, once touched

  function host(kind) {
    const element = document.createElement('clausewatch-badge');
    element.setAttribute('kind', kind);
    element.attachShadow({mode: 'open'});
    for (const type of ['focusin', 'pointerover']) element.addEventListener(type, touch, {once: true});
    return element;
  }

  /** Before the first touch there is neither a rule nor a listener for keys. */
  function touch({type, currentTarget}) {
    dress();
    if (type !== 'focusin') return;
    // The site's keyboard shortcuts must not fire for what is typed here.
    for (const key of ['keydown', 'keyup', 'keypress']) currentTarget.addEventListener(key, onKey);
  }

  function dress() {
    if (sheet) return;
    sheet = new CSSStyleSheet();
    sheet.replaceSync(RULES);
    for (const {shadowRoot} of [corner, title]) shadowRoot.adoptedStyleSheets = [sheet];
  }

  function onKey(event) {
    event.stopPropagation();
    if (event.type === 'keydown' && event.key === 'Escape' && card()) close();
  }

  function press() {
    pressed = true;
    for (const type of ['pointerup', 'pointercancel']) addEventListener(type, lift, {capture: true, once: true});
  }

  function lift() {
    setTimeout(() => (pressed = false), CLICK_AFTER);
  }

  function h(name, properties, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      // A click that the page itself made up must not make us ask the server.
      if (key === 'style') element.style.cssText = value; // an attribute would be up to the page's policy
      else if (key === 'onclick') element.addEventListener('click', (event) => event.isTrusted && value(event));
      else element.setAttribute(key, value);
    }
    element.append(...children.filter(Boolean));
    return element;
  }

  function link(href, words) {
    return /^https?:/.test(href) && h('a', {href, target: '_blank', rel: 'noopener noreferrer'}, words);
  }

  function pill() {
    const {face, label, doubt} = shown;
    const about = {'aria-expanded': Boolean(card()), 'aria-label': `Clausewatch: ${doubt ? `${label}. ${doubt}` : label}`};
    const shape = h('span', {style: `${SHAPE} clip-path: path("${face.path}")`});
    const chip = h('span', {class: 'chip', style: `${CHIP} background: ${face.colour}`}, shape, face.letter);
    const button = h('button', {class: 'pill', type: 'button', style: PILL, ...about}, chip, h('span', {class: 'label', style: LABEL}, label));
    button.addEventListener('click', toggle);
    return button;
  }

  function scheme() {
    return shown.theme === 'auto' ? 'light dark' : shown.theme;
  }

  function card() {
    return corner.shadowRoot.querySelector('.card');
  }

  function toggle(event) {
    if (!event.isTrusted) return;
    if (card()) return close();
    opener = event.currentTarget.getRootNode().host;
    minimised = false;
    draw(true);
    card().focus();
    if (!shown.detail) more();
  }

  function close() {
    minimised = true;
    draw(false);
    (opener ?? corner).shadowRoot.querySelector('.pill')?.focus();
  }

  /** Draws the pills, and the card when it is to be open. */
  function draw(open) {
    if (open) dress();
    title.style.cssText = `${HOST} ${TITLE} color-scheme: ${scheme()}`;
    corner.lang = title.lang = shown.language;
    const focused = corner.shadowRoot.activeElement;
    corner.shadowRoot.replaceChildren(...(open ? [cardOf()] : []));
    corner.shadowRoot.prepend(pill());
    title.shadowRoot.replaceChildren(pill());
    if (focused) (corner.shadowRoot.querySelector(`[class="${focused.className}"]`) ?? card())?.focus();
    drawn = shown;
  }

  function cardOf() {
    const {words} = shown;
    return h(
      'section',
      {class: 'card', role: 'region', 'aria-label': 'Clausewatch', tabindex: '-1'},
      h('h2', {}, 'Clausewatch'),
      h('p', {class: 'main'}, shown.sentence),
      site.isUpload() && h('p', {class: 'upload'}, shown.upload),
      shown.dates && h('p', {class: 'quiet'}, shown.dates),
      shown.doubt && h('p', {class: 'warn'}, shown.doubt),
      h('div', {class: 'more', 'aria-live': 'polite'}, ...told()),
      h(
        'div',
        {class: 'row'},
        link(shown.details, words.details),
        h('button', {class: 'hide', type: 'button', onclick: () => ask('hide').then(refresh)}, words.hideHere),
        h('button', {class: 'close', type: 'button', onclick: close}, site.isUpload() ? words.minimise : words.close),
      ),
    );
  }

  /** The part of the card that the server's answer changes. */
  function told() {
    const {trouble, detail, words} = shown;
    return [
      trouble && h('p', {class: 'warn', role: 'status'}, trouble),
      ...(detail ? details(detail, words) : [h('button', {class: 'strong', type: 'button', onclick: more}, words.showSentence)]),
    ].filter(Boolean);
  }

  function details({quote, source, clash, choice}, words) {
    return [
      quote ? h('blockquote', {lang: 'en'}, quote) : h('p', {class: 'quiet'}, words.noSentence),
      quote && link(source, words.readInPlace),
      clash && part(clash.title, h('p', {lang: 'en'}, clash.says), h('p', {class: 'quiet'}, clash.who)),
      choice && part(choice.title, h('ol', {lang: 'en'}, ...choice.steps.map((step) => h('li', {}, step))), link(choice.url, choice.open)),
    ];
  }

  function part(title, ...content) {
    return h('div', {class: 'said'}, h('h3', {}, title), ...content);
  }

  /** Asks the server, through the background, for the sentence and the choices; all around them stays as it is. */
  async function more() {
    if (asking) return;
    asking = true;
    card().querySelector('.more').setAttribute('aria-busy', 'true');
    const answer = await ask('detail');
    await released();
    asking = false;
    const place = card()?.querySelector('.more');
    place?.removeAttribute('aria-busy');
    if (!answer || !shown) return; // hidden meanwhile
    shown = drawn = answer;
    if (!place) return; // closed meanwhile
    const focused = place.contains(corner.shadowRoot.activeElement);
    place.replaceChildren(...told());
    if (focused) card().focus();
  }

  /** Once no button of ours is held down: what moves away under a pressed pointer gets no click. */
  async function released() {
    while (pressed) await new Promise((go) => setTimeout(go, CLICK_AFTER));
  }

  async function ask(question) {
    try {
      return await ext.runtime.sendMessage({kind: question});
    } catch {
      return null; // the extension was removed, or is being replaced by a newer one
    }
  }

  async function refresh() {
    shown = await ask('site');
    await released();
    if (shown) return settle();
    changes.disconnect();
    corner.remove();
    title.remove();
  }

  /**
   * Puts everything where it belongs on the page as it is in the next frame. The header is measured there, right before the
   * browser would lay the page out anyway.
   */
  function settle() {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      if (!shown) return; // hidden meanwhile
      hang(document.querySelector(site.header)?.getBoundingClientRect());
      put();
    });
  }

  function hang(bar) {
    const fits = bar && bar.bottom > 0 && bar.bottom < 160;
    const edge = fits ? `top: ${Math.round(bar.bottom)}px; flex-direction: column; --round: 0 0 8px 8px`
      : 'bottom: 16px; flex-direction: column-reverse; --round: 8px';
    corner.style.cssText = `${HOST} ${CORNER} color-scheme: ${scheme()}; ${edge}`;
  }

  /** All in one go, so that the browser lays the page out once. */
  function put() {
    const open = (corner.isConnected && Boolean(card())) || (site.isUpload() && !minimised);
    if (drawn !== shown || Boolean(card()) !== open) draw(open);
    if (!corner.isConnected) document.documentElement.append(corner);
    const below = site.title();
    if (!below) title.remove();
    else if (title.previousElementSibling !== below) below.after(title);
    changes.observe(document, {childList: true, subtree: true}); // not before there is something to put back
    changes.takeRecords(); // our own
  }

  /** After the page changed, as it does for a new address, too: that one starts afresh, and what was thrown away comes back. */
  function check() {
    timer = 0;
    if (!shown) return;
    if (place !== location.href) {
      place = location.href;
      minimised = false;
      opener = drawn = null;
      corner.shadowRoot.replaceChildren();
      return settle();
    }
    const below = site.title();
    if (!corner.isConnected || (below ? title.previousElementSibling !== below : title.isConnected)) settle();
  }

  function soon() {
    timer ||= setTimeout(check, CHECK_AFTER);
  }

  for (let left; (left = document.querySelector('clausewatch-badge')); ) left.remove(); // by an earlier version of us
  ext.runtime.onMessage.addListener(() => void refresh()); // what is kept was changed
  addEventListener('beforeprint', dress);
  refresh();
})();
