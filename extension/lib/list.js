// The cached host list: what is watched, and every platform's badge. Browsing asks it, never the server: an address is walked up
// from its host to the parent domains.

import {ApiError, get, hostList} from './api.js';
import {ext, load, save, stored} from './ext.js';
import {isWithin, migrate} from './settings.js';
import {STALE_LIST, isOld} from './time.js';

export const REFRESH_AFTER = 6 * 3_600_000;
const EMPTY = Object.freeze({hosts: {}, platforms: {}, fetchedAt: 0, triedAt: 0, server: '', trouble: ''});

/** The list as stored; empty before the first download, after the server was changed, and when what is stored is none. */
export function listOf(old, server) {
  const list = {...EMPTY, ...old};
  const isWhole = list.server === server && Object.keys(EMPTY).every((key) => list[key] !== null && typeof list[key] === typeof EMPTY[key]);
  return isWhole ? list : {...EMPTY, server};
}

/** The list as cached. */
export async function cached(server) {
  return listOf(await load('list'), server);
}

/** The settings in force, the host list of their server, and the last answers; from `reading`, when that was begun before. */
export async function known(reading = stored()) {
  const {settings, list, lookups} = await reading;
  const wishes = migrate(settings);
  return {wishes, list: listOf(list, wishes.server), lookups: lookups ?? {}};
}

/** Downloads the list when `old` (else the one cached) is old, or always, with `now`; a failure keeps the old one and says why. */
export async function refresh(server, {now = false, old = null, fetcher = fetch} = {}) {
  old ??= await cached(server);
  if (!now && !isOld(Math.max(old.fetchedAt, old.triedAt), old.trouble ? 600_000 : REFRESH_AFTER)) return old;
  const list = {...old, triedAt: Date.now()};
  try {
    const {data} = await get(server, '/v1/hosts', {fetcher});
    Object.assign(list, hostList(data), {fetchedAt: Date.now(), trouble: ''});
  } catch (why) {
    if (!(why instanceof ApiError)) throw why;
    list.trouble = why.reason;
  }
  return keep(list, old);
}

/** Stores the list; where there is no room for it, the old one stays and says so, and the answers of look-ups make room for the next. */
async function keep(list, old) {
  try {
    await save('list', list);
    return list;
  } catch {
    await ext.storage.local.remove('lookups');
    const full = {...old, triedAt: list.triedAt, trouble: 'full'};
    await save('list', full).catch(() => {});
    return full;
  }
}

/** What the list knows about the page at an address: {host, id, platform}, or null when it is not watched. An old list is stale. */
export function find(list, address) {
  const host = listedHost(hostOf(address), list.hosts);
  const id = host && list.hosts[host];
  if (!id || !list.platforms[id]) return null;
  const {stale, ...platform} = list.platforms[id];
  return {host, id, platform: {...platform, stale: stale || isOld(list.fetchedAt, STALE_LIST)}};
}

/** The host of an http(s) address in lower case without a trailing dot; '' for anything else. */
export function hostOf(address) {
  try {
    const url = new URL(address);
    return ['http:', 'https:'].includes(url.protocol) ? url.hostname.toLowerCase().replace(/\.$/, '') : '';
  } catch {
    return '';
  }
}

/** The listed host that owns `host`, or ''. */
export function listedHost(host, hosts) {
  for (let name = host; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
    if (Object.hasOwn(hosts, name)) return name;
  }
  return '';
}

/** The widest of a platform's listed hosts that `host` lies within: all of them are one site. */
export function siteOf(host, hosts) {
  const around = Object.keys(hosts).filter((other) => hosts[other] === hosts[host] && isWithin(host, other));
  return around.sort((a, b) => a.length - b.length)[0] ?? host;
}

/** The id of the platform that owns `host`, or ''. */
export function platformOf(host, hosts) {
  const listed = listedHost(host, hosts);
  return listed ? String(hosts[listed]) : '';
}
