// The browser's API under one name, and storage as the only state: the background may be ended at any time.

export const ext = globalThis.browser ?? globalThis.chrome;

/** What the badge and the popup are made of, in one read: each read is a journey to another process. */
export function stored() {
  return ext.storage.local.get(['settings', 'list', 'lookups']);
}

/** The value stored under `key`, or `fallback`. */
export async function load(key, fallback) {
  const found = await ext.storage.local.get(key);
  return found[key] ?? fallback;
}

/** Stores `value` under `key`. */
export async function save(key, value) {
  await ext.storage.local.set({[key]: value});
}
