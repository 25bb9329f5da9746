// The background: keeps the host list fresh, paints the toolbar, answers the in-page badge, tells followed changes.
// It may be ended at any time: everything it knows is in storage, and every event starts from there.

import {face} from './lib/badge.js';
import {ext, load, save} from './lib/ext.js';
import {hostOf} from './lib/hosts.js';
import {draw} from './lib/icon.js';
import {find, refresh} from './lib/list.js';
import {speaker} from './lib/messages.js';
import {change, settings} from './lib/settings.js';

const ALARM = 'refresh';

ext.runtime.onInstalled.addListener(begin);
ext.runtime.onStartup.addListener(begin);
ext.alarms.onAlarm.addListener(({name}) => name === ALARM && update());
ext.tabs.onUpdated.addListener((id, what, tab) => (what.status || what.url) && paint(tab));
ext.tabs.onActivated.addListener(async ({tabId}) => paint(await ext.tabs.get(tabId)));
ext.runtime.onMessage.addListener((message, sender, reply) => {
  answer(message, sender).then(reply, () => reply(null));
  return true;
});
ext.notifications.onClicked.addListener(async (id) => {
  const pages = await load('notified', {});
  if (pages[id]) await ext.tabs.create({url: pages[id]});
});

async function begin() {
  await ext.alarms.create(ALARM, {periodInMinutes: 60, delayInMinutes: 60});
  await update();
}

/** Refreshes the list when it is old, tells followed changes, paints the tabs at hand. */
async function update(now = false) {
  const wishes = await settings();
  const list = await refresh(wishes.server, {now});
  await tell(list, wishes);
  const tabs = await ext.tabs.query({active: true});
  await Promise.all(tabs.map(paint));
  return list;
}

async function paint(tab) {
  if (!tab?.id || !tab.url) return;
  const {server, language} = await settings();
  const found = find(await refresh(server), tab.url);
  const say = await speaker(language);
  try {
    if (found) await show(tab.id, found, say);
    else await clear(tab.id, say);
  } catch {
    // The tab was closed meanwhile.
  }
}

async function show(tabId, {platform}, say) {
  const {letter, colour, state} = face(platform.state);
  await ext.action.setBadgeText({tabId, text: letter});
  await ext.action.setBadgeBackgroundColor({tabId, color: colour});
  await ext.action.setBadgeTextColor?.({tabId, color: '#ffffff'});
  await ext.action.setIcon({tabId, imageData: draw(state, platform.stale)});
  await ext.action.setTitle({tabId, title: `${platform.name}: ${say(`label_${state}`)}${platform.stale ? ` (${say('stale')})` : ''}`});
}

async function clear(tabId, say) {
  await ext.action.setBadgeText({tabId, text: ''});
  await ext.action.setIcon({tabId, path: {16: 'icons/icon-16.png', 32: 'icons/icon-32.png'}});
  await ext.action.setTitle({tabId, title: say('notWatched')});
}

/** Answers our own pages and content scripts; anything else gets nothing. */
async function answer(message, sender) {
  if (sender.id !== ext.runtime.id) return null;
  if (message?.kind === 'site') return site(sender);
  if (message?.kind === 'hide') return hide(sender);
  if (message?.kind === 'refresh') {
    const {fetchedAt, trouble, platforms} = await update(true);
    return {fetchedAt, trouble, platforms: Object.keys(platforms).length};
  }
  return null;
}

/** What the in-page badge shows: words and addresses, no mark-up. */
async function site(sender) {
  const wishes = await settings();
  const list = await refresh(wishes.server);
  const found = find(list, sender.url ?? sender.tab?.url ?? '');
  if (!found || !found.platform.in_page || wishes.hidden.includes(found.host)) return null;
  const say = await speaker(wishes.language);
  const {state, letter, shape, colour} = face(found.platform.state);
  return {
    state, letter, shape, colour,
    stale: found.platform.stale,
    theme: wishes.theme,
    language: say.language,
    label: say(`label_${state}`),
    sentence: say(`sentence_${state}`, found.platform.name),
    question: say('question'),
    upload: say('uploadHint'),
    age: found.platform.stale ? say('stale') : '',
    details: `${wishes.server}/platforms/${encodeURIComponent(found.id)}`,
    words: {details: say('details'), close: say('close'), hide: say('hideHere')},
  };
}

async function hide(sender) {
  const host = hostOf(sender.url ?? '');
  const {hidden, server} = await settings();
  const found = find(await refresh(server), sender.url ?? '');
  await change({hidden: [...new Set([...hidden, found?.host ?? host])]});
  return true;
}

/** A browser notification for each followed platform whose terms have changed since we last looked. */
async function tell(list, wishes) {
  const seen = await load('seen', {});
  const now = {};
  const say = await speaker(wishes.language);
  for (const id of wishes.followed) {
    const platform = list.platforms[id];
    if (!platform) continue;
    now[id] = `${platform.state} ${platform.changed_at}`;
    if (wishes.notify && seen[id] && seen[id] !== now[id]) await notify(id, platform, wishes.server, say);
  }
  await save('seen', {...seen, ...now});
}

async function notify(id, platform, server, say) {
  const name = `change:${id}`;
  await save('notified', {...(await load('notified', {})), [name]: `${server}/platforms/${encodeURIComponent(id)}`});
  await ext.notifications.create(name, {
    type: 'basic',
    iconUrl: ext.runtime.getURL('icons/icon-128.png'),
    title: say('changedTitle', platform.name),
    message: say(`sentence_${face(platform.state).state}`, platform.name),
  });
}
