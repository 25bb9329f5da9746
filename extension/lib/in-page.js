// Answers the badge on a page: words and addresses, no mark-up. The page sends no address; the browser tells us who asks.

import {link, list as items, text} from './api.js';
import {face, path} from './badge.js';
import {CARD} from './card-style.js';
import {find, known, refresh, siteOf} from './list.js';
import {kept, lookUp} from './lookups.js';
import {speaker} from './messages.js';
import {change, isWithin} from './settings.js';
import {dates, day} from './time.js';

/** What the badge shows, from what is kept; null where none belongs. */
export async function site(sender) {
  const place = await placeOf(sender);
  return place && shown(place, place.before);
}

/** The same with the sentence of the terms: asks the server. Only a click leads here. */
export async function detail(sender) {
  const place = await placeOf(sender);
  if (!place) return null;
  const {server} = place.wishes;
  const looked = await lookUp(server, place.found.host, {isPrivate: sender.tab?.incognito === true});
  if (!looked.trouble) return shown(await inStep(place, sender, looked), looked);
  return {...shown(place, place.before), trouble: place.say(`trouble_${looked.trouble}`, server)};
}

/** The place by a list that says what the answer says: where they differ, the list is older, and all that shows it with it. */
async function inStep(place, sender, {data}) {
  if (text(data.badge?.state, 20) === place.found.platform.state) return place;
  await refresh(place.wishes.server, {now: true});
  return (await placeOf(sender)) ?? place;
}

/** No badge on this site from now on, by whichever of its hosts. */
export async function hide(sender) {
  const place = await placeOf(sender);
  if (place) await change(({hidden}) => ({hidden: [...new Set([...hidden, siteOf(place.found.host, place.list.hosts)])]}));
  return true;
}

async function placeOf(sender) {
  const {wishes, list, lookups} = await known();
  const fresh = await refresh(wishes.server, {old: list});
  const found = badged(wishes, fresh, sender.url ?? '');
  if (!found) return null;
  return {wishes, list: fresh, found, before: kept(lookups, wishes.server, found.host), say: await speaker(wishes.language)};
}

/** What the list knows about the page at an address; null where no badge belongs. */
export function badged(wishes, list, address) {
  const found = find(list, address);
  return found?.platform.in_page && !wishes.hidden.some((site) => isWithin(found.host, site)) ? found : null;
}

function shown({wishes, found, say}, looked) {
  const {name, state: told, changed_at: changed, checked_at: checked, stale} = found.platform;
  const {state, letter, shape, colour} = face(told);
  return {
    language: say.language,
    theme: wishes.theme,
    face: {letter, path: path(shape), colour: stale ? face('unknown').colour : colour},
    label: say(`label_${state}`),
    sentence: say(`sentence_${state}`, name),
    upload: say('uploadHint'),
    doubt: stale ? say('stale') : '',
    dates: dates(changed, checked, say),
    details: `${wishes.server}/platforms/${encodeURIComponent(found.id)}`,
    rules: CARD,
    words: {...Object.fromEntries(WORDS.map((word) => [word, say(word)])), noSentence: say(state === 'unknown' ? 'stance_unknown' : 'noSentence')},
    detail: looked ? detailOf(looked.data, say) : null,
  };
}

const WORDS = ['close', 'details', 'hideHere', 'minimise', 'readInPlace', 'showSentence'];

/** The sentence of the terms, after a note when it speaks of something smaller than the question: data on use, or features. */
function quoted({badge, training}) {
  const quote = text(training?.quote, 1200);
  const note = text(training?.note, 400);
  return quote && note && text(badge?.state, 20) !== training.stance ? `${note} “${quote}”` : quote;
}

/** The parts of a look-up that fit on a card. */
function detailOf(data, say) {
  const [clash] = items(data.contradictions, 1);
  const [choice] = items(data.choices, 1);
  return {
    quote: quoted(data),
    source: link(data.training?.fragment_url) || link(data.training?.source_url),
    clash: clash && {
      title: say('saysAgainstMay'),
      says: text(clash.says?.says, 600),
      who: [text(clash.says?.speaker, 100), day(text(clash.says?.date, 20), say.locale)].filter(Boolean).join(', '),
    },
    choice: choice && {
      title: say(choice.kind === 'opt_in' ? 'howToOptIn' : 'howToOptOut'),
      steps: (Array.isArray(choice.steps) ? choice.steps : []).slice(0, 8).map((step) => text(step, 300)),
      url: link(choice.url),
      open: say('openSetting'),
    },
  };
}
