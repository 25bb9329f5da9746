// What the badge's pills show, prepared as scripts that run before it in the page: it is drawn with the page's first frame then and
// has to ask nobody. Which of the small scripts in content/prepared/ run is the state; the browser keeps that.

import {face} from './badge.js';
import {ext} from './ext.js';
import {badged} from './in-page.js';
import {known} from './list.js';
import {pick} from './messages.js';

let last = Promise.resolve();

/** Addresses of pages with a badge, each with a star at its end. */
export function places() {
  return ext.runtime.getManifest().content_scripts.flatMap(({matches}) => matches);
}

/** Has pages show from now on what holds now. Gives whether something else had been prepared. One at a time. */
export function prepare() {
  last = last.then(renew, renew);
  return last;
}

async function renew() {
  const {wishes, list} = await known();
  const wanted = places().flatMap((place) => scriptOf(place, wishes, badged(wishes, list, place)));
  const had = (await ext.scripting.getRegisteredContentScripts()).map(({id}) => id);
  const old = had.filter((id) => !wanted.some((script) => script.id === id));
  const fresh = wanted.filter(({id}) => !had.includes(id));
  if (old.length) await ext.scripting.unregisterContentScripts({ids: old});
  if (fresh.length) await ext.scripting.registerContentScripts(fresh);
  return old.length + fresh.length > 0;
}

/** The script for the pages of one place, named after all that it depends on; none where no badge belongs. */
function scriptOf(place, {language, theme}, found) {
  if (!found) return [];
  const {state, stale} = found.platform;
  const names = [`words-${pick(language, ext.i18n.getUILanguage())}`, `state-${face(state).state}`];
  if (['light', 'dark'].includes(theme)) names.push(`theme-${theme}`);
  if (stale) names.push('stale');
  const js = names.map((name) => `content/prepared/${name}.js`);
  return [{id: [ext.runtime.getManifest().version, place, ...names].join(' '), matches: [place], js, runAt: 'document_start'}];
}
