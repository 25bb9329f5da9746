// What the open page itself tells machines: read in the page, on this machine, when the person opens the popup.

import {ext} from './ext.js';

/** Names and values of the page's meta signals; null when we may not look. */
export async function pageSignals(tab) {
  if (!tab?.id) return null;
  try {
    const [{result}] = await ext.scripting.executeScript({target: {tabId: tab.id}, func: readMeta});
    return sift(Array.isArray(result) ? result : []);
  } catch {
    return null;
  }
}

/** Runs in the page: the meta tags whose names may carry a signal. */
function readMeta() {
  const names = ['robots', 'tdm-reservation', 'tdm-policy', 'content-usage'];
  return [...document.querySelectorAll('meta[name]')]
    .map((tag) => ({name: tag.name.toLowerCase(), value: tag.content.slice(0, 200)}))
    .filter(({name, value}) => names.includes(name) || /noai/i.test(value));
}

/** Only what speaks of AI or text-and-data mining; "noindex" alone does not. */
export function sift(found) {
  return found.filter(({name, value}) => typeof value === 'string' && (name.startsWith('tdm-') || name === 'content-usage' || /\bno(image)?ai\b/i.test(value)));
}
