// All that is kept, in one read: each read is a journey to another process.

import {ext} from './ext.js';
import {listOf} from './list.js';
import {migrate} from './settings.js';

/** The settings in force, the host list of their server, and the last answers. */
export async function known() {
  const {settings, list, lookups = {}} = await ext.storage.local.get(['settings', 'list', 'lookups']);
  const wishes = migrate(settings);
  return {wishes, list: listOf(list, wishes.server), lookups};
}
