// The options: every control stores its value at once; only the server address is tried first.

import {ext} from '../lib/ext.js';
import {cached} from '../lib/list.js';
import {speakAll, speaker} from '../lib/messages.js';
import {change, serverAddress, settings} from '../lib/settings.js';
import {node, theme} from '../lib/view.js';

const TABS = {permissions: ['tabs']};
const SITE = 'soundcloud.com';
const at = (id) => document.getElementById(id);

let wishes = await settings();
let say;
await speak();
at('server').value = wishes.server;
at('theme').value = wishes.theme;
at('language').value = wishes.language;
at('in-page').checked = !wishes.hidden.includes(SITE);
at('everywhere').checked = await ext.permissions.contains(TABS);
at('notify').checked = wishes.notify;
await showFollowed();

at('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  await useServer(at('server').value);
});
at('theme').addEventListener('change', () => keep({theme: at('theme').value}));
at('language').addEventListener('change', () => keep({language: at('language').value}));
at('notify').addEventListener('change', () => keep({notify: at('notify').checked}));
at('in-page').addEventListener('change', () => {
  const others = wishes.hidden.filter((host) => host !== SITE);
  return keep({hidden: at('in-page').checked ? others : [...others, SITE]});
});
at('everywhere').addEventListener('change', async () => {
  if (at('everywhere').checked) at('everywhere').checked = await ext.permissions.request(TABS);
  else await ext.permissions.remove(TABS);
});

async function keep(some) {
  wishes = await change(some);
  await speak();
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
  const {trouble, platforms} = await ext.runtime.sendMessage({kind: 'refresh'});
  tell(trouble ? say(`trouble_${trouble}`, server) : say('serverWorks', platforms));
  await showFollowed();
}

function tell(words) {
  at('server-told').textContent = words;
}

async function showFollowed() {
  const {platforms} = await cached(wishes.server);
  at('followed').replaceChildren(...wishes.followed.map((id) => {
    const remove = node('button', {type: 'button', class: 'plain'}, say('unfollow'));
    remove.addEventListener('click', async () => {
      await keep({followed: wishes.followed.filter((other) => other !== id)});
      await showFollowed();
    });
    return node('li', {}, node('span', {}, platforms[id]?.name ?? id), remove);
  }));
}
