// The server: requests with a deadline and a size cap, answers taken apart as data that may be hostile.

export const DEADLINE = 8000;
export const LARGEST = 2_000_000;
const MOST_PLATFORMS = 3000;

/** Why there is no answer: offline, timeout, moved, refused (with status), broken. */
export class ApiError extends Error {
  constructor(reason, status = 0) {
    super(reason);
    this.reason = reason;
    this.status = status;
  }
}

/**
 * The JSON at `path` of the server: {data}. Throws ApiError. The browser keeps the ETag and asks with it ("no-cache"): an
 * If-None-Match of our own would need a preflight, and the ETag of another origin's answer cannot be read.
 */
export async function get(server, path, {fetcher = fetch, deadline = DEADLINE, largest = LARGEST} = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), deadline);
  try {
    const answer = await fetcher(server + path, {
      signal: stop.signal, credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-cache', redirect: 'manual',
    });
    if (answer.type === 'opaqueredirect') throw new ApiError('moved'); // nobody is asked whom the person did not name
    if (!answer.ok) throw new ApiError('refused', answer.status);
    return {data: parse(await capped(answer, largest))};
  } catch (why) {
    if (why instanceof ApiError) throw why;
    throw new ApiError(stop.signal.aborted ? 'timeout' : 'offline');
  } finally {
    clearTimeout(timer);
  }
}

async function capped(answer, largest) {
  if (Number(answer.headers.get('Content-Length') ?? 0) > largest) throw new ApiError('broken');
  const reader = answer.body?.getReader();
  if (!reader) return answer.text();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > largest) {
      await reader.cancel();
      throw new ApiError('broken');
    }
    text += decoder.decode(value, {stream: true});
  }
}

function parse(text) {
  try {
    const data = JSON.parse(text);
    if (data && typeof data === 'object' && !Array.isArray(data)) return data;
  } catch {
    // told below
  }
  throw new ApiError('broken');
}

/** `value` as text of at most `most` characters; '' for anything that is no text. */
export function text(value, most = 2000) {
  return typeof value === 'string' ? value.slice(0, most) : '';
}

/** `value` if it is an http(s) address, else ''. */
export function link(value) {
  try {
    const url = new URL(text(value, 4000));
    return ['http:', 'https:'].includes(url.protocol) ? url.href : '';
  } catch {
    return '';
  }
}

/** `value` as an array of objects, at most `most`. */
export function list(value, most = 50) {
  return Array.isArray(value) ? value.filter((item) => item && typeof item === 'object').slice(0, most) : [];
}

/** A badge as the server tells it: the state, and whether it is stale; what was never known is not out of date. */
export function badgeOf(told) {
  const badge = told && typeof told === 'object' ? told : {};
  const state = text(badge.state, 20);
  return {state, stale: badge.stale === true && state !== 'unknown'};
}

/** A host list with nothing in it but what we use; throws ApiError when it is none. */
export function hostList(data) {
  if (!data.hosts || typeof data.hosts !== 'object' || !data.platforms || typeof data.platforms !== 'object') {
    throw new ApiError('broken');
  }
  const told = Object.entries(data.platforms).filter(([id]) => id !== '__proto__'); // an object of ours would inherit from it
  if (told.length > MOST_PLATFORMS) throw new ApiError('broken');
  const platforms = {};
  for (const [id, platform] of told) {
    platforms[id] = {
      name: text(platform?.name, 100) || id,
      in_page: platform?.in_page === true,
      ...badgeOf(platform?.badge),
      changed_at: text(platform?.changed_at, 40),
      checked_at: text(platform?.checked_at, 40),
    };
  }
  const hosts = {};
  for (const [host, id] of Object.entries(data.hosts)) {
    if (typeof id === 'string' && Object.hasOwn(platforms, id)) hosts[host.toLowerCase()] = id;
  }
  return {hosts, platforms};
}
