// The popup: the answer for the platform of the open page, with its sentences, or an honest "not watched".

import {badgeOf, link} from '../lib/api.js';
import {face} from '../lib/badge.js';
import {ext} from '../lib/ext.js';
import {find, hostOf, refresh} from '../lib/list.js';
import {kept} from '../lib/lookups.js';
import {speakAll, speaker} from '../lib/messages.js';
import {STALE_LIST, ago, dates, isOld, titled} from '../lib/time.js';
import {fill, node, outline, theme} from '../lib/view.js';
import {answerFor, asking, lookups, opened, stored, wishes} from './answer.js';
import {TABS, everywhere, openTab} from './asked.js';

const WAITS_AFTER = 400; // milliseconds: then the person is told that more is to come
const main = document.querySelector('#main');
const parts = import('./sections.js'); // not needed for the first paint

const [badgesEverywhere, say] = await Promise.all([everywhere, speaker(wishes.language)]);
theme(document, wishes.theme, say.language);
speakAll(document, say);
document.querySelector('#settings').addEventListener('click', () => ext.runtime.openOptionsPage());
await show(opened, stored, asking);
main.setAttribute('aria-busy', 'false');

async function show(tab, list, asking) {
  if (!list.fetchedAt) list = await refresh(wishes.server, {now: true});
  const host = hostOf(tab?.url ?? '');
  const found = find(list, tab?.url ?? '');
  tellAge(list);
  if (!list.fetchedAt) return serverDown(list.trouble);
  if (!found) return notWatched(host, tab);
  await watched(found, tab, list, asking ?? answerFor(tab, found));
}

function tellAge(list) {
  const old = list.fetchedAt && isOld(list.fetchedAt, STALE_LIST); // what there never was is not out of date
  const words = list.fetchedAt ? say('dataFrom', new URL(wishes.server).host, ago(list.fetchedAt, say.locale)) : '';
  document.querySelector('#age').textContent = old ? `${words} ${say('stale')}` : words;
}

function serverDown(trouble) {
  main.replaceChildren(
    node('h1', {}, say('serverDown')),
    node('p', {}, say(`trouble_${trouble || 'offline'}`, wishes.server)),
    button(say('tryAgain'), async (pressed) => {
      pressed.textContent = say('loading');
      await show(await openTab(), stored);
      if (!main.contains(document.activeElement)) (main.querySelector(':scope > button') ?? main).focus(); // the pressed one is gone
    }),
  );
}

async function notWatched(host, tab) {
  main.replaceChildren(node('h1', {}, host ? say('notWatchedHost', host) : say('notAPage')));
  if (!host) return;
  main.append(node('p', {class: 'soft'}, say('notWatchedMeaning')));
  if (isPublic(host)) main.append(suggestion(host));
  main.append(...await openPage(tab));
}

/** Whether others could reach a host of that name: names of the house and bare addresses stay in it. */
function isPublic(host) {
  return /\.[a-z][^.]*$/.test(host) && !/\.(local|internal|lan|home|corp|test|localhost)$/.test(host);
}

function suggestion(host) {
  const suggest = `${wishes.server}/suggest?host=${encodeURIComponent(host)}`;
  return node('p', {class: 'actions'}, node('a', {class: 'button', href: suggest, target: '_blank', rel: 'noopener noreferrer'}, say('suggest')));
}

/** Shows at once what is kept, then what the server says anew. Buttons and equal words stay, so that nobody loses their place. */
async function watched(found, tab, list, asking) {
  const head = node('div', {});
  const body = node('div', {});
  const page = node('div', {});
  const before = kept(lookups, wishes.server, found.host);
  const row = actions(found, list);
  const draw = (answer, trouble) => {
    fill(head, headline(found, answer), ...warning(trouble, answer));
    fill(body, ...(answer ? sections(answer.data, say) : []));
    fill(row.querySelector('.telegram'), ...telegram(answer));
  };
  head.append(headline(found, before));
  main.replaceChildren(head, body, page, row);
  const {sections} = await parts;
  if (before) draw(before, '');
  requestIdleCallback(async () => page.replaceChildren(...(await openPage(tab)))); // the answer goes first
  const waiting = setTimeout(() => before || fill(body, node('p', {class: 'soft'}, say('loading'))), WAITS_AFTER);
  const looked = await asking;
  clearTimeout(waiting);
  draw(looked.trouble ? before : looked, looked.trouble ?? '');
}

function headline({platform}, answer) {
  const told = answer ? badgeOf(answer.data.badge) : platform;
  const {state} = face(told.state);
  const old = told.stale || (answer && isOld(answer.at, STALE_LIST));
  return node('div', {class: 'answer'}, outline(state), node('div', {},
    node('h1', {}, say(`label_${state}`)),
    node('p', {}, say(`sentence_${state}`, platform.name)),
    node('p', {class: 'when'}, dates(answer?.data.changed_at ?? platform.changed_at, answer?.data.checked_at ?? platform.checked_at, say)),
    old ? node('p', {class: 'old'}, say('stale')) : ''));
}

function warning(trouble, answer) {
  if (!trouble) return [];
  const shown = answer ? ` ${say('shownFromStore', ago(answer.at, say.locale))}` : '';
  return [node('p', {class: 'warning', role: 'status'}, say(`trouble_${trouble}`, wishes.server) + shown)];
}

async function openPage(tab) {
  const {pageSignals} = await import('../lib/page-signals.js'); // not needed for the first paint
  const signals = await pageSignals(tab);
  if (!signals) return [];
  const told = signals.map(({family, verdict, evidence}) => node('li', {}, `${titled(family, say(`verdict_${verdict}`), say.locale)} `, evidence ? node('code', {}, evidence) : ''));
  return [node('section', {id: 'this-page'}, node('h2', {}, say('thisPage')), node('ul', {class: 'signals'}, ...told))];
}

function telegram(answer) {
  const address = link(answer?.data.links?.telegram);
  return address.startsWith('https://t.me/') ? [node('a', {class: 'button', href: address, target: '_blank', rel: 'noopener noreferrer'}, say('followTelegram'))] : [];
}

function actions(found, list) {
  const page = `${wishes.server}/platforms/${encodeURIComponent(found.id)}`;
  return node('div', {class: 'actions'},
    node('a', {class: 'button', href: page, target: '_blank', rel: 'noopener noreferrer'}, say('history')),
    node('span', {class: 'telegram'}),
    followButton(found.id, list),
    badgesEverywhere ? '' : everywhereButton());
}

function followButton(id, list) {
  const follows = wishes.followed.includes(id);
  return button(say(follows ? 'unfollow' : 'follow'), async (pressed) => {
    const {follow} = await import('../lib/follow.js');
    Object.assign(wishes, await follow(id, !follows, list));
    const fresh = followButton(id, list);
    pressed.replaceWith(fresh);
    fresh.focus();
  });
}

function everywhereButton() {
  return button(say('badgeEverywhere'), async (pressed) => {
    if (await ext.permissions.request(TABS)) pressed.remove();
  });
}

function button(words, press) {
  const made = node('button', {class: 'button', type: 'button'}, words);
  made.addEventListener('click', () => press(made));
  return made;
}
