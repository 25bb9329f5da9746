// What the open page itself tells machines: read in the page, on this machine, when the person opens the popup.

import {ext} from './ext.js';

const TAGS = ['noai', 'noimageai'];
// Crawlers of AI companies that a robots tag may name instead of all of them.
const CRAWLERS = ['gptbot', 'google-extended', 'claudebot', 'anthropic-ai', 'ccbot', 'applebot-extended', 'bytespider'];
// Directives with a value of their own: the word before their colon is no crawler.
const VALUED = ['unavailable_after', 'max-snippet', 'max-image-preview', 'max-video-preview'];

/** {family, verdict, evidence} for noai, noimageai and tdmrep on the page of a tab; null when we may not look. */
export async function pageSignals(tab) {
  if (!tab?.id) return null;
  try {
    const [{result}] = await ext.scripting.executeScript({target: {tabId: tab.id}, func: readPage});
    return judge(result);
  } catch {
    return null;
  }
}

/** The verdicts on a page. Without its headers, what the tags do not say is unreadable: the headers may say it. */
export function judge({metas, headers}) {
  const tags = metas.map(({name, value}) => ({name: name.toLowerCase().trim(), value}));
  const silence = headers ? 'silent' : 'unreadable';
  return [...TAGS.map((tag) => readTag(tag, tags, headers ?? {})), readReservation(tags, headers ?? {})]
    .map((signal) => ({verdict: silence, evidence: '', ...signal}));
}

function readTag(family, tags, headers) {
  const tag = tags.find(({name, value}) => isRobots(name) && value.toLowerCase().split(',').some((word) => word.trim() === family));
  if (tag) return {family, verdict: 'reserved', evidence: `<meta name="${tag.name}" content="${tag.value}">`};
  const header = headers['x-robots-tag'] ?? '';
  const told = directives(header).some(([agent, word]) => word === family && (!agent || CRAWLERS.includes(agent)));
  return told ? {family, verdict: 'reserved', evidence: `X-Robots-Tag: ${header}`} : {family};
}

function readReservation(tags, headers) {
  const family = 'tdmrep';
  const told = tags.filter(({name}) => name === 'tdm-reservation').map(({value}) => value.trim());
  const value = told.includes('1') ? '1' : told.find((one) => one === '0');
  if (value) return {family, verdict: verdictOf(value), evidence: `<meta name="tdm-reservation" content="${value}">`};
  const header = headers['tdm-reservation']?.trim() ?? '';
  return ['0', '1'].includes(header) ? {family, verdict: verdictOf(header), evidence: `tdm-reservation: ${header}`} : {family};
}

/** [crawler, directive] pairs of an X-Robots-Tag header; a crawler's name holds to the end of the header. */
function directives(header) {
  let agent = '';
  return header.split(',').map((part) => {
    const word = part.trim().toLowerCase();
    const [, name, rest] = /^([\w.-]+)\s*:\s*(.*)$/.exec(word) ?? [];
    if (!name || VALUED.includes(name)) return [agent, word];
    agent = name;
    return [agent, rest];
  });
}

function isRobots(name) {
  return name === 'robots' || CRAWLERS.includes(name);
}

function verdictOf(value) {
  return value === '1' ? 'reserved' : 'allowed';
}

/**
 * Runs in the page, and must stand alone. Headers are read from the browser's cache only: nothing is sent, so those of a page
 * that may not be cached stay unread (null).
 */
async function readPage() {
  const metas = [...document.querySelectorAll('meta[name]')].slice(0, 200)
    .map((tag) => ({name: tag.name.slice(0, 100), value: tag.content.slice(0, 300)}));
  let headers = null;
  try {
    const answer = await fetch(location.href, {mode: 'same-origin', cache: 'only-if-cached'});
    const names = ['x-robots-tag', 'tdm-reservation'];
    if (answer.ok) headers = Object.fromEntries(names.map((name) => [name, (answer.headers.get(name) ?? '').slice(0, 300)]));
    await answer.body?.cancel();
  } catch {
    // Not in the cache.
  }
  return {metas, headers};
}
