// What is new for the platforms that somebody follows.

/** Within this time a change is found, confirmed and published. */
const LATE = 30 * 86_400_000;

/**
 * Compares the list's platforms with what was known before, {id: {state, changed_at, at}}. Gives {news: [{id, name, kind, before,
 * now, changed_at}], seen}; `kind` is "changed" (the terms changed) or "reread" (the same terms are read differently now).
 * A platform met for the first time is no news; that a reading is lost or found is none either, nor is what an archive tells
 * of years ago.
 */
export function newsOf(seen, platforms, followed, now = Date.now()) {
  const news = [];
  const next = {};
  for (const id of followed) {
    const platform = Object.hasOwn(platforms, id) ? platforms[id] : null;
    const before = typeof seen[id]?.state === 'string' ? seen[id] : null;
    const kind = platform && before ? kindOf(before, platform, now) : '';
    if (kind) news.push({id, name: platform.name, kind, before: before.state, now: platform.state, changed_at: platform.changed_at});
    if (platform || before) next[id] = remembered(before, platform, now);
  }
  return {news, seen: next};
}

function kindOf(before, platform, now) {
  const lookedAt = Math.min(before.at || now, now);
  if (Date.parse(platform.changed_at) > Math.max(Date.parse(before.changed_at) || 0, lookedAt - LATE)) return 'changed';
  const known = before.state !== 'unknown' && platform.state !== 'unknown';
  return known && before.state !== platform.state ? 'reread' : '';
}

function remembered(before, platform, at) {
  if (!platform) return before;
  // An outage must not make us forget: a reading that comes back as it was is no news.
  const state = platform.state === 'unknown' && before ? before.state : platform.state;
  return {state, changed_at: platform.changed_at || before?.changed_at || '', at};
}
