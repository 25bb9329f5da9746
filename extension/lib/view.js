// Building pages from data: text only ever becomes text.

import {path, face} from './badge.js';

const SVG = 'http://www.w3.org/2000/svg';

/** An element with attributes and children; strings become text nodes, '' is left out. */
export function node(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== ''));
  return made;
}

/** Puts children into a place, unless they say and look what is there already. */
export function fill(place, ...children) {
  const fresh = place.cloneNode();
  fresh.append(...children);
  if (!fresh.isEqualNode(place)) place.replaceChildren(...fresh.childNodes);
}

/** The shape of a state as a picture; the words beside it say what it means. */
export function outline(state) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const drawn = document.createElementNS(SVG, 'path');
  drawn.setAttribute('d', path(face(state).shape));
  drawn.setAttribute('fill', `var(--${face(state).state})`);
  svg.append(drawn);
  return svg;
}

/** Sets theme and language of a page of ours. */
export function theme(page, wish, language) {
  const dark = wish === 'dark' || (wish === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  page.documentElement.classList.toggle('dark', dark);
  page.documentElement.lang = language;
}
