// What the popup asks the browser for. It runs by itself, while all the other modules are still on their way.

import {ext, stored} from '../lib/ext.js';

export const TABS = {permissions: ['tabs']};
export const reading = stored();
export const tab = openTab();
export const everywhere = ext.permissions.contains(TABS);

/** The tab that the popup is about. */
export async function openTab() {
  // Tests and the keyboard may open the popup as a page of its own: the page asked about is then in its address.
  const asked = new URLSearchParams(location.search).get('page');
  if (asked) return {url: asked};
  const [active] = await ext.tabs.query({active: true, currentWindow: true});
  return active;
}
