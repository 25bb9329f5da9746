// Look-ups: what the server says of a platform, and the last answers for when it says nothing.

import {ApiError, get} from './api.js';
import {load, save} from './ext.js';

const KEPT = 20;
const LARGEST = 400_000;

/** The last answer for a listed host, {data, at}, or null when there is none from this server. */
export async function kept(server, host) {
  const all = await load('lookups', {});
  const old = Object.hasOwn(all, host) ? all[host] : null;
  return old?.server === server ? old : null;
}

/** Asks about a listed host: {data, at} or {trouble}. In a private window nothing is kept. */
export async function lookUp(server, host, {isPrivate = false} = {}) {
  try {
    const {data} = await get(server, `/v1/lookup?host=${encodeURIComponent(host)}`, {largest: LARGEST});
    const found = {data, at: Date.now(), server};
    if (!isPrivate) await keep(host, found);
    return found;
  } catch (why) {
    if (!(why instanceof ApiError)) throw why;
    return {trouble: why.reason};
  }
}

async function keep(host, found) {
  const all = Object.entries({...(await load('lookups', {})), [host]: found});
  await save('lookups', Object.fromEntries(all.sort(([, a], [, b]) => b.at - a.at).slice(0, KEPT)));
}
