// The question to the server, asked as soon as it is known what to ask: most of the popup's parts are still on their way then.

import {find, known} from '../lib/list.js';
import {lookUp} from '../lib/lookups.js';
import {reading, tab} from './asked.js';

/** What is kept, and the tab that the popup is about. */
export const [{wishes, list: stored, lookups}, opened] = await Promise.all([known(reading), tab]);

/** The server's answer on its way, when the tab shows a listed platform. */
export const asking = answerFor(opened, find(stored, opened?.url ?? ''));

/** Asks the server about what `tab` shows. */
export function answerFor(tab, found) {
  return found && lookUp(wishes.server, found.host, {isPrivate: tab.incognito === true});
}
