// Look-ups: what the server says of a platform, and the last answers for when it says nothing.

import {ApiError, get} from './api.js';
import {load, save} from './ext.js';

const KEPT = 20;
const LARGEST = 400_000;

/** The last answer for a listed host among those kept, {data, at}, or null when there is none from this server. */
export function kept(lookups, server, host) {
  const old = Object.hasOwn(lookups, host) ? lookups[host] : null;
  return old?.server === server && old.data && typeof old.data === 'object' ? old : null;
}

/** Asks about a listed host: {data, at} or {trouble}. It is kept behind the caller's back; in a private window it is not. */
export async function lookUp(server, host, {isPrivate = false} = {}) {
  try {
    const {data} = await get(server, `/v1/lookup?host=${encodeURIComponent(host)}`, {largest: LARGEST});
    const found = {data, at: Date.now(), server};
    if (!isPrivate) keep(host, found).catch(() => {}); // no room: then the next answer comes from the server as well
    return found;
  } catch (why) {
    if (!(why instanceof ApiError)) throw why;
    return {trouble: why.status === 404 ? 'gone' : why.reason}; // the list is older than the server's catalogue
  }
}

async function keep(host, found) {
  const {[host]: before, ...others} = await load('lookups', {});
  const newest = Object.entries(others).filter(([, other]) => other?.at).sort(([, a], [, b]) => b.at - a.at);
  await save('lookups', Object.fromEntries([[host, found], ...newest].slice(0, KEPT)));
}
