// The background: keeps the host list fresh, paints the toolbar, answers the in-page badge, tells followed changes.
// It may be ended at any time: everything it knows is in storage, and every event starts from there.

import {face} from './lib/badge.js';
import {ext, load, save} from './lib/ext.js';
import {draw} from './lib/icon.js';
import {detail, hide, site} from './lib/in-page.js';
import {find, known, refresh} from './lib/list.js';
import {speaker} from './lib/messages.js';
import {newsOf} from './lib/news.js';
import {places, prepare} from './lib/prepare.js';
import {settings} from './lib/settings.js';

const ALARM = 'refresh';
const PAGES_KEPT = 20;
const IN_PAGE = {site, detail, hide};

setAlarm(); // Firefox forgets it when the extension is switched off and on
ext.runtime.onInstalled.addListener(() => begin().then(intoOpenPages));
ext.runtime.onStartup.addListener(begin);
ext.alarms.onAlarm.addListener(({name}) => name === ALARM && update());
ext.tabs.onUpdated.addListener((id, what, tab) => {
  if (what.status || what.url) paint(tab);
  if (what.status === 'loading') inStep(tab);
});
ext.tabs.onActivated.addListener(async ({tabId}) => paint(await ext.tabs.get(tabId)));
ext.runtime.onMessage.addListener((message, sender, reply) => {
  answer(message, sender).then(reply, () => reply(null));
  return true;
});
ext.storage.onChanged.addListener((changed) => (changed.list || changed.settings) && tellPages());
ext.permissions.onAdded.addListener(paintShown);
ext.permissions.onRemoved.addListener(clearUnseen);
ext.notifications.onClicked.addListener(async (id) => {
  const pages = await load('notified', {});
  if (pages[id]) await ext.tabs.create({url: pages[id]});
});

async function setAlarm() {
  if (!(await ext.alarms.get(ALARM))) await ext.alarms.create(ALARM, {periodInMinutes: 60, delayInMinutes: 60});
}

async function begin() {
  await update();
  await prepare();
}

/** Pages that were open before us, or before this version of us, get the badge without being loaded anew; Firefox sees to it by itself. */
async function intoOpenPages() {
  if (ext.runtime.getBrowserInfo) return;
  for (const {matches, js} of ext.runtime.getManifest().content_scripts) {
    for (const {id} of await ext.tabs.query({url: matches, status: 'complete'})) await into({tabId: id}, js);
  }
}

async function into(target, files) {
  try {
    const [{result: isThere}] = await ext.scripting.executeScript({target, func: () => Boolean(globalThis.clausewatch)});
    if (!isThere) await ext.scripting.executeScript({target, files});
  } catch {
    // The tab was closed meanwhile, or the site is withheld from us.
  }
}

/** Refreshes the list when it is old, tells followed changes, paints the tabs at hand. */
async function update(now = false) {
  const wishes = await settings();
  const list = await refresh(wishes.server, {now});
  if (!list.trouble) await tell(list, wishes);
  await paintShown();
  return list;
}

/** Paints the tabs that people look at with what is kept: nobody is asked. */
async function paintShown() {
  const {wishes, list} = await known();
  await Promise.all((await ext.tabs.query({active: true})).map((tab) => put(tab, wishes, list)));
}

async function paint(tab) {
  if (!tab?.url) return;
  const {wishes, list} = await known();
  await put(tab, wishes, await refresh(wishes.server, {old: list}));
}

async function put(tab, wishes, list) {
  if (!tab.id || !tab.url) return;
  const found = find(list, tab.url);
  const say = await speaker(wishes.language);
  try {
    if (found) await show(tab.id, found, say);
    else await clear(tab.id, say('notWatched'));
  } catch {
    // The tab was closed meanwhile.
  }
}

async function show(tabId, {platform}, say) {
  const {letter, colour, state} = face(platform.state);
  await ext.action.setBadgeText({tabId, text: letter});
  await ext.action.setBadgeBackgroundColor({tabId, color: platform.stale ? face('unknown').colour : colour});
  await ext.action.setBadgeTextColor?.({tabId, color: '#ffffff'});
  await ext.action.setIcon({tabId, imageData: draw(state, platform.stale)});
  await ext.action.setTitle({tabId, title: `${platform.name}: ${say(`label_${state}`)}${platform.stale ? ` (${say('stale')})` : ''}`});
}

/** What may no longer be seen is no longer shown: nothing would put it right when another page opens there. */
async function clearUnseen() {
  const tabs = await ext.tabs.query({});
  await Promise.all(tabs.filter(({url}) => !url).map(({id}) => clear(id, ext.i18n.getMessage('extensionName')).catch(() => {})));
}

async function clear(tabId, title) {
  await ext.action.setBadgeText({tabId, text: ''});
  await ext.action.setIcon({tabId, path: {16: 'icons/icon-16.png', 32: 'icons/icon-32.png'}});
  await ext.action.setTitle({tabId, title});
}

/** Prepares anew what pages show, and says it to those that are open. */
async function tellPages() {
  await Promise.all([prepare(), paintShown()]);
  for (const tab of await ext.tabs.query({url: places()})) tellPage(tab);
}

/** What was prepared may have become untrue, if only by its age: then a page that begins to load is told what holds. */
async function inStep(tab) {
  const isPlace = places().some((place) => tab.url?.startsWith(place.slice(0, -1)));
  if (isPlace && await prepare()) await tellPage(tab);
}

async function tellPage(tab) {
  try {
    await ext.scripting.executeScript({target: {tabId: tab.id}, func: say, args: [await site(tab)]});
  } catch {
    // The tab was closed meanwhile, or the site is withheld from us.
  }
}

/** Runs beside the badge, before or after its script does. */
function say(said) {
  if (globalThis.clausewatch) globalThis.clausewatch(said);
  else globalThis.clausewatchSaid = said;
}

/** Answers our own pages and content scripts; anything else gets nothing. */
async function answer(message, sender) {
  if (sender.id !== ext.runtime.id) return null;
  if (Object.hasOwn(IN_PAGE, message?.kind)) return IN_PAGE[message.kind](sender);
  if (message?.kind === 'refresh') {
    const {fetchedAt, trouble, platforms} = await update(true);
    return {fetchedAt, trouble, platforms: Object.keys(platforms).length};
  }
  return null;
}

/** Tells what is new of the followed platforms, then remembers it: ended in between, it tells again under the same name. */
async function tell(list, wishes) {
  const {news, seen} = newsOf(await load('seen', {}), list.platforms, wishes.followed);
  if (wishes.notify && news.length) {
    const say = await speaker(wishes.language);
    for (const item of news) await notify(item, wishes.server, say);
  }
  await save('seen', seen);
}

async function notify({id, name, kind, before, now, changed_at: changed}, server, say) {
  const key = `${id}|${changed}|${now}`;
  const pages = {[key]: `${server}/platforms/${encodeURIComponent(id)}`, ...(await load('notified', {}))};
  await save('notified', Object.fromEntries(Object.entries(pages).slice(0, PAGES_KEPT)));
  const label = (state) => say(`label_${face(state).state}`);
  await ext.notifications.create(key, {
    type: 'basic',
    iconUrl: ext.runtime.getURL('icons/icon-128.png'),
    title: say(kind === 'changed' ? 'changedTitle' : 'rereadTitle', name),
    message: before === now ? label(now) : say('fromTo', label(before), label(now)),
  });
}
