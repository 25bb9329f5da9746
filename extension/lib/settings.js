// Settings: defaults, and the way from older versions, in one place.

import {load, save} from './ext.js';

export const VERSION = 2;

export const DEFAULTS = Object.freeze({
  version: VERSION,
  server: 'http://127.0.0.1:8000',
  theme: 'auto',
  language: 'auto',
  notify: false,
  followed: [],
  hidden: [],
});

const MIGRATIONS = {
  // Version 1 kept one switch for the in-page badge of every site.
  1: ({showInPage, ...rest}) => ({...rest, hidden: showInPage === false ? ['soundcloud.com'] : [], version: 2}),
};

/** Settings of any version as today's, unknown or broken values replaced by defaults. */
export function migrate(stored) {
  let found = stored && typeof stored === 'object' ? {...stored} : {};
  while (Object.hasOwn(MIGRATIONS, found.version)) found = MIGRATIONS[found.version](found);
  const clean = {...DEFAULTS};
  for (const [key, fallback] of Object.entries(DEFAULTS)) {
    const value = found[key];
    if (typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback)) clean[key] = value;
  }
  if (!serverAddress(clean.server)) clean.server = DEFAULTS.server;
  return {...clean, version: VERSION};
}

/** The settings in force. */
export async function settings() {
  return migrate(await load('settings', {}));
}

/**
 * Changes some settings, or what a function makes of those in force; gives all of them. One at a time, in all our pages: none takes
 * back what another has just changed.
 */
export function change(some) {
  return navigator.locks.request('settings', async () => {
    const now = await settings();
    const all = migrate({...now, ...(typeof some === 'function' ? some(now) : some)});
    await save('settings', all);
    return all;
  });
}

/** Whether a host is `site` or lies within it, as m.site.example does within site.example. */
export function isWithin(host, site) {
  return host === site || host.endsWith(`.${site}`);
}

const THIS_COMPUTER = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** A server address without a trailing slash, or '' when it is none that can be used: http only on this computer. */
export function serverAddress(text) {
  try {
    const url = new URL(String(text).trim());
    if (!['http:', 'https:'].includes(url.protocol) || url.username || url.password || url.search || url.hash) return '';
    if (url.protocol === 'http:' && !THIS_COMPUTER.test(url.hostname)) return '';
    return (url.origin + url.pathname).replace(/\/+$/, '');
  } catch {
    return '';
  }
}
