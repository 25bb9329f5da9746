// The cached host list: what is watched, and every platform's badge. Browsing asks it, never the server.

import {ApiError, get, hostList} from './api.js';
import {load, save} from './ext.js';
import {hostOf, listedHost} from './hosts.js';
import {STALE_LIST, age} from './time.js';

export const REFRESH_AFTER = 6 * 3_600_000;
const EMPTY = Object.freeze({hosts: {}, platforms: {}, fetchedAt: 0, triedAt: 0, server: '', trouble: ''});

/** The list as stored; empty before the first download, and after the server was changed. */
export function listOf(stored, server) {
  return stored?.server === server ? {...EMPTY, ...stored} : {...EMPTY, server};
}

/** The list as cached. */
export async function cached(server) {
  return listOf(await load('list'), server);
}

/** Downloads the list when `old` (else the one cached) is old, or always, with `now`; a failure keeps the old one and says why. */
export async function refresh(server, {now = false, old = null, fetcher = fetch} = {}) {
  old ??= await cached(server);
  if (!now && age(Math.max(old.fetchedAt, old.triedAt)) < (old.trouble ? 600_000 : REFRESH_AFTER)) return old;
  const list = {...old, triedAt: Date.now()};
  try {
    const {data} = await get(server, '/v1/hosts', {fetcher});
    Object.assign(list, hostList(data), {fetchedAt: Date.now(), trouble: ''});
  } catch (why) {
    if (!(why instanceof ApiError)) throw why;
    list.trouble = why.reason;
  }
  await save('list', list);
  return list;
}

/** What the list knows about the page at an address: {host, id, platform}, or null when it is not watched. An old list is stale. */
export function find(list, address) {
  const host = listedHost(hostOf(address), list.hosts);
  const id = host && list.hosts[host];
  if (!id || !list.platforms[id]) return null;
  const {stale, ...platform} = list.platforms[id];
  return {host, id, platform: {...platform, stale: stale || age(list.fetchedAt) > STALE_LIST}};
}
