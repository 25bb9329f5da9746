// The options: every control stores its value at once; only the server address is tried first.

import {ext} from '../lib/ext.js';
import {follow} from '../lib/follow.js';
import {cached} from '../lib/list.js';
import {speakAll, speaker} from '../lib/messages.js';
import {change, isWithin, serverAddress, settings} from '../lib/settings.js';
import {ago} from '../lib/time.js';
import {node, theme} from '../lib/view.js';

const TABS = {permissions: ['tabs']};
const SITE = 'soundcloud.com';
const PAGES = {origins: ext.runtime.getManifest().host_permissions};
const at = (id) => document.getElementById(id);

let wishes = await settings();
let reached = true; // whether the browser lets us into the site's pages
let say;
await speak();
at('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  await useServer(at('server').value);
});
at('theme').addEventListener('change', () => keep({theme: at('theme').value}));
at('language').addEventListener('change', () => keep({language: at('language').value}));
at('notify').addEventListener('change', () => keep({notify: at('notify').checked}));
at('in-page').addEventListener('change', async () => {
  // The person may have withheld the site from us on the browser's own page; nobody is asked when it is not.
  at('in-page').checked &&= await ext.permissions.request(PAGES);
  const shown = at('in-page').checked;
  return keep(({hidden}) => ({hidden: [...hidden.filter((host) => !isWithin(host, SITE)), ...(shown ? [] : [SITE])]}));
});
at('everywhere').addEventListener('change', async () => {
  if (at('everywhere').checked) at('everywhere').checked = await ext.permissions.request(TABS);
  else await ext.permissions.remove(TABS);
});

at('filter').addEventListener('input', showList);
at('filter').addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault()); // else it tries the server
at('forget').addEventListener('click', forgetAll);
// A page, a popup or another window may change the same.
ext.storage.onChanged.addListener(async ({settings: changed}) => {
  if (!changed) return;
  wishes = await settings();
  await speak();
  showWishes();
  if (changed.oldValue?.server === changed.newValue?.server) return;
  at('server').value = wishes.server;
  await showList();
});
for (const event of [ext.permissions.onAdded, ext.permissions.onRemoved]) event.addListener(showPermission);

await showPermission();
await showList();
at('server').value = wishes.server;

function showWishes() {
  at('theme').value = wishes.theme;
  at('language').value = wishes.language;
  at('in-page').checked = reached && !wishes.hidden.some((host) => isWithin(host, SITE));
  at('notify').checked = wishes.notify;
  at('count').textContent = number(wishes.followed.length);
  for (const box of at('followed').querySelectorAll('input')) box.checked = wishes.followed.includes(box.value);
}

async function showPermission() {
  at('everywhere').checked = await ext.permissions.contains(TABS);
  reached = await ext.permissions.contains(PAGES);
  showWishes();
}

async function keep(some) {
  wishes = await change(some);
  await speak();
  await showList();
}

async function speak() {
  say = await speaker(wishes.language);
  theme(document, wishes.theme, say.language);
  speakAll(document, say);
}

async function useServer(typed) {
  const server = serverAddress(typed);
  if (!server) return tell(say('addressWrong'));
  await keep({server});
  at('server').value = server;
  tell(say('loading'));
  const {trouble, platforms} = (await ext.runtime.sendMessage({kind: 'refresh'})) ?? {trouble: 'full'};
  tell(trouble ? say(`trouble_${trouble}`, server) : say('serverWorks', number(platforms)));
  await showList();
}

function tell(words) {
  at('server-told').textContent = words;
}

async function showList() {
  const list = await cached(wishes.server);
  const count = number(Object.keys(list.platforms).length);
  at('kept').textContent = say('keptState', count, list.fetchedAt ? ago(list.fetchedAt, say.locale) : '–');
  at('count').textContent = number(wishes.followed.length);
  const wanted = at('filter').value.trim().toLowerCase();
  const unlisted = Object.fromEntries(wishes.followed.map((id) => [id, {name: id}])); // by this server; else nobody could unfollow them
  const shown = Object.entries({...unlisted, ...list.platforms})
    .filter(([id, {name}]) => `${name} ${id}`.toLowerCase().includes(wanted))
    .sort(([, a], [, b]) => a.name.localeCompare(b.name, say.locale));
  at('followed').replaceChildren(...shown.map(([id, {name}]) => followBox(id, name, list)));
}

function followBox(id, name, list) {
  const box = node('input', {type: 'checkbox', value: id});
  box.checked = wishes.followed.includes(id);
  box.addEventListener('change', async () => {
    wishes = await follow(id, box.checked, list);
    showWishes();
  });
  return node('li', {}, node('label', {class: 'check'}, box, node('span', {}, name)));
}

function number(value) {
  return value.toLocaleString(say.locale);
}

async function forgetAll() {
  await ext.storage.local.remove(['list', 'lookups', 'seen', 'notified']);
  await showList();
  at('forget').focus();
}
