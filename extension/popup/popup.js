// The popup: the answer for the platform of the open page, with its sentences, or an honest "not watched".

import {ApiError, get, link, list as items, text} from '../lib/api.js';
import {ext, load, save} from '../lib/ext.js';
import {hostOf} from '../lib/hosts.js';
import {cached, find, refresh} from '../lib/list.js';
import {speakAll, speaker} from '../lib/messages.js';
import {pageSignals} from '../lib/page-signals.js';
import {change, settings} from '../lib/settings.js';
import {STALE_LIST, age, ago} from '../lib/time.js';
import {node, outline, theme} from '../lib/view.js';
import {sections} from './sections.js';

const main = document.querySelector('#main');
const KEPT = 20;

const wishes = await settings();
const say = await speaker(wishes.language);
theme(document, wishes.theme, say.language);
speakAll(document, say);
document.querySelector('#settings').addEventListener('click', () => ext.runtime.openOptionsPage());
await show();
main.setAttribute('aria-busy', 'false');

async function show() {
  const tab = await openTab();
  let list = await cached(wishes.server);
  if (!list.fetchedAt) list = await refresh(wishes.server, {now: true});
  const host = hostOf(tab?.url ?? '');
  const found = find(list, tab?.url ?? '');
  tellAge(list);
  if (!list.fetchedAt) return serverDown(list.trouble);
  if (!found) return notWatched(host);
  await watched(found, tab, list);
}

async function openTab() {
  // Tests and the keyboard may open the popup as a page of its own: the page asked about is then in its address.
  const asked = new URLSearchParams(location.search).get('page');
  if (asked) return {url: asked};
  const [tab] = await ext.tabs.query({active: true, currentWindow: true});
  return tab;
}

function tellAge(list) {
  const old = age(list.fetchedAt) > STALE_LIST;
  const words = list.fetchedAt ? say('dataFrom', new URL(wishes.server).host, ago(list.fetchedAt, say.language)) : '';
  document.querySelector('#age').textContent = old ? `${words} ${say('stale')}` : words;
}

function serverDown(trouble) {
  main.replaceChildren(
    node('h1', {}, say('serverDown')),
    node('p', {}, say(`trouble_${trouble || 'offline'}`, wishes.server)),
    button(say('tryAgain'), async () => {
      await refresh(wishes.server, {now: true});
      await show();
    }),
  );
}

function notWatched(host) {
  main.replaceChildren(node('h1', {}, host ? say('notWatchedHost', host) : say('notAPage')));
  if (!host) return;
  main.append(node('p', {class: 'soft'}, say('notWatchedMeaning')));
  const suggest = `${wishes.server}/suggest?host=${encodeURIComponent(host)}`;
  main.append(node('p', {class: 'actions'}, node('a', {class: 'button', href: suggest, target: '_blank', rel: 'noopener noreferrer'}, say('suggest'))));
}

async function watched(found, tab, list) {
  const {state, name, stale} = found.platform;
  main.replaceChildren(headline(state, name, stale));
  const [status, trouble] = await look(found.host, tab);
  if (trouble) main.append(node('p', {class: 'warning', role: 'status'}, say(`trouble_${trouble}`, wishes.server), status ? ` ${say('shownFromStore')}` : ''));
  if (status) main.append(...sections(status, say));
  main.append(...(await openPage(tab)), await actions(found, status, list));
}

function headline(state, name, stale) {
  const shown = ['permits', 'opt_out', 'opt_in', 'prohibits', 'silent'].includes(state) ? state : 'unknown';
  return node('div', {class: 'answer'}, outline(shown), node('div', {},
    node('h1', {}, say(`label_${shown}`)),
    node('p', {}, say(`sentence_${shown}`, name)),
    stale ? node('p', {class: 'soft'}, say('stale')) : ''));
}

/** The platform's status, from the server or, when it does not answer, from the last time: [status, trouble]. */
async function look(host, tab) {
  const kept = await load('lookups', {});
  try {
    const {data} = await get(wishes.server, `/v1/lookup?host=${encodeURIComponent(host)}`);
    if (!tab?.incognito) {
      const newest = Object.entries({...kept, [host]: {data, at: Date.now(), server: wishes.server}});
      await save('lookups', Object.fromEntries(newest.sort((a, b) => b[1].at - a[1].at).slice(0, KEPT)));
    }
    return [data, ''];
  } catch (why) {
    if (!(why instanceof ApiError)) throw why;
    const old = kept[host];
    return [old?.server === wishes.server ? old.data : null, why.reason];
  }
}

async function openPage(tab) {
  const found = await pageSignals(tab);
  if (!found) return [];
  const told = found.length ? node('ul', {}, ...found.map(({name, value}) => node('li', {}, `${name}: ${value}`))) : node('p', {}, say('pageSilent'));
  return [node('section', {}, node('h2', {}, say('thisPage')), told)];
}

async function actions(found, status, list) {
  const row = node('div', {class: 'actions'});
  const page = `${wishes.server}/platforms/${encodeURIComponent(found.id)}`;
  row.append(node('a', {class: 'button', href: page, target: '_blank', rel: 'noopener noreferrer'}, say('history')));
  const telegram = link(status?.links?.telegram);
  if (telegram.startsWith('https://t.me/')) row.append(node('a', {class: 'button', href: telegram, target: '_blank', rel: 'noopener noreferrer'}, say('followTelegram')));
  row.append(followButton(found.id), await everywhereButton());
  return row;
}

function followButton(id) {
  const follows = wishes.followed.includes(id);
  return button(say(follows ? 'unfollow' : 'follow'), async (pressed) => {
    const {followed} = await settings();
    const now = follows ? followed.filter((other) => other !== id) : [...followed, id];
    Object.assign(wishes, await change({followed: now, notify: now.length > 0 || wishes.notify}));
    pressed.replaceWith(followButton(id));
  });
}

async function everywhereButton() {
  const permission = {permissions: ['tabs']};
  if (await ext.permissions.contains(permission)) return '';
  return button(say('badgeEverywhere'), async (pressed) => {
    if (await ext.permissions.request(permission)) pressed.remove();
  });
}

function button(words, press) {
  const made = node('button', {class: 'button', type: 'button'}, words);
  made.addEventListener('click', () => press(made));
  return made;
}
