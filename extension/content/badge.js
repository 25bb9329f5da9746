/**
 * The badge on a page: a tab below the site's header, a line below a track's title, and a card, open on the upload page.
 * All of it takes no room in the page's layout, lives in shadow roots, and is put back when the page throws it away.
 * What its pills show the background prepared, for the page's first frame; else, and for a card, it asks.
 */
(() => {
  const site = globalThis.clausewatchSite;
  const CHECK_AFTER = 150; // milliseconds after the page changed
  const CLICK_AFTER = 60; // milliseconds from a finger's lifting to its click

  let shown = null; // what to show, as the background says
  let drawn = null; // what of it is on the page
  let place = location.href;
  let timer = 0;
  let card = null; // while it is open
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
  // What only a pointer, the keyboard or a printer asks for; the rules of the card come with its words.
  const RULES = `
    .pill:hover { border-color: light-dark(#55585e, #b0b2b6) !important; }
    :focus-visible { outline: 2px solid light-dark(#1a4f94, #93bdf5); outline-offset: 2px; }
    @media print { :host { display: none !important; } }
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
    sheet ??= new CSSStyleSheet();
    sheet.replaceSync(RULES + (shown?.rules ?? ''));
    for (const {shadowRoot} of [corner, title]) shadowRoot.adoptedStyleSheets = [sheet];
  }

  function onKey(event) {
    event.stopPropagation();
    if (event.type === 'keydown' && event.key === 'Escape' && card) close();
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
    const about = {'aria-expanded': Boolean(card), 'aria-label': `Clausewatch: ${doubt ? `${label}. ${doubt}` : label}`};
    const shape = h('span', {style: `${SHAPE} clip-path: path("${face.path}")`});
    const chip = h('span', {class: 'chip', style: `${CHIP} background: ${face.colour}`}, shape, face.letter);
    return h('button', {class: 'pill', type: 'button', style: PILL, ...about}, chip, h('span', {class: 'label', style: LABEL}, label));
  }

  function scheme() {
    return shown.theme === 'auto' ? 'light dark' : shown.theme;
  }

  async function toggle({isTrusted, currentTarget}) {
    if (!isTrusted) return;
    if (card) return close();
    opener = currentTarget.getRootNode().host;
    minimised = false;
    if (!(await complete())) return;
    draw(true);
    card.focus();
    if (!shown.detail) more();
  }

  function close() {
    minimised = true;
    draw(false);
    (opener ?? corner).shadowRoot.querySelector('.pill')?.focus();
  }

  /** Draws the pills, and the card when it is to be open. */
  function draw(open) {
    const focused = drawn && corner.shadowRoot.activeElement;
    card = open ? cardOf() : null;
    if (card) dress();
    title.style.cssText = `${HOST} ${TITLE} color-scheme: ${scheme()}`;
    corner.lang = title.lang = shown.language;
    const first = pill();
    const second = first.cloneNode(true);
    for (const button of [first, second]) button.addEventListener('click', toggle);
    corner.shadowRoot.replaceChildren(first, ...(card ? [card] : []));
    title.shadowRoot.replaceChildren(second);
    if (focused) (corner.shadowRoot.querySelector(`[class="${focused.className}"]`) ?? card)?.focus();
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
        h('button', {class: 'hide', type: 'button', onclick: () => ask('hide')}, words.hideHere),
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
      quote ? h('blockquote', {lang: 'en', dir: 'auto'}, quote) : h('p', {class: 'quiet'}, words.noSentence),
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
    card.querySelector('.more').setAttribute('aria-busy', 'true');
    const answer = await ask('detail');
    await released();
    asking = false;
    const place = card?.querySelector('.more');
    place?.removeAttribute('aria-busy');
    if (!answer || !shown) return; // hidden meanwhile
    shown = drawn = answer;
    if (!place) return; // closed meanwhile
    const focused = place.contains(corner.shadowRoot.activeElement);
    place.replaceChildren(...told());
    if (focused) card.focus();
  }

  /** Once no button of ours is held down: what moves away under a pressed pointer gets no click. */
  async function released() {
    while (pressed) await new Promise((go) => setTimeout(go, CLICK_AFTER));
  }

  async function ask(question) {
    try {
      return await extension().sendMessage({kind: question});
    } catch {
      if (!extension()?.id) hear(null); // removed, or replaced by a newer one: a badge that answers nothing goes
      return null;
    }
  }

  function extension() {
    return (globalThis.browser ?? globalThis.chrome).runtime;
  }

  /** Shows what the background says, or nothing when it says null. */
  async function hear(said) {
    shown = said;
    await released();
    if (shown) return settle();
    changes.disconnect();
    corner.remove();
    title.remove();
  }

  /** Whether all is known that a card says; what was prepared is but for the pills. */
  async function complete() {
    if (!shown.words) shown = (await ask('site')) ?? shown;
    return Boolean(shown?.words); // it may have been hidden meanwhile
  }

  /** What the background had prepared for this site, if it had. */
  function prepared() {
    const {clausewatchFace: face, clausewatchWords: words, clausewatchTheme: theme = 'auto', clausewatchStale: stale} = globalThis;
    if (!face || !words) return null;
    const {language, [face.state]: label} = words;
    return {language, theme, label, face: {...face, ...stale}, doubt: stale ? words.stale : ''};
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
    const wanted = (corner.isConnected && Boolean(card)) || (site.isUpload() && !minimised);
    const open = wanted && Boolean(shown.words);
    if (wanted && !open) complete().then((known) => known && settle());
    if (drawn !== shown || Boolean(card) !== open) draw(open);
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
    if (!extension()?.id) return hear(null); // the newer one's badge stays alone
    if (place !== location.href) {
      place = location.href;
      minimised = false;
      opener = drawn = card = null;
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
  addEventListener('beforeprint', dress);
  globalThis.clausewatch = hear; // by the background, whenever something changed
  const known = globalThis.clausewatchSaid ?? prepared();
  if (known) hear(known);
  else ask('site').then(hear);
  addEventListener('pageshow', ({persisted}) => persisted && ask('site').then(hear)); // from the history
})();
