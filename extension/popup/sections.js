// The parts of a status: each takes what the server said as plain data and shows it as text.

import {badgeOf, link, list, text} from '../lib/api.js';
import {face} from '../lib/badge.js';
import {day, region, titled} from '../lib/time.js';
import {node, outline} from '../lib/view.js';

/** All parts of a platform's status that have something to say: what the terms say, what is said against it, what to do. */
export function sections(status, say) {
  return [
    ...question('training', status, say), ...question('sharing', status, say), ...contradictions(status, say),
    ...change(status, say), ...choices(status, say), ...signals(status, say),
  ];
}

function part(title, ...content) {
  return [node('section', {}, node('h2', {}, title), ...content)];
}

/** What the server says in its own language, whatever the page speaks. */
function english(words, most) {
  return node('span', {lang: 'en'}, text(words, most));
}

function outward(address, words) {
  const href = link(address);
  return href ? node('a', {href, target: '_blank', rel: 'noopener noreferrer'}, words) : node('span', {}, words);
}

function question(field, status, say) {
  const answer = status[field] && typeof status[field] === 'object' ? status[field] : {};
  const told = text(answer.stance, 20);
  const {state} = face(field === 'training' ? badgeOf(status.badge).state || told : told);
  const smaller = state !== face(told).state && text(answer.note, 400); // of data on use, or of features: not what the question asks
  const quote = text(answer.quote);
  const seen = day(text(answer.first_seen, 40), say.locale);
  const content = [node('p', {class: 'stance'}, outline(state), smaller ? node('strong', {lang: 'en'}, smaller) : node('strong', {}, say(`stance_${state}`)))];
  if (quote) {
    content.push(node('blockquote', {lang: 'en', dir: 'auto'}, quote), node('p', {class: 'under'},
      outward(link(answer.fragment_url) || answer.source_url, say('readInPlace')), seen ? node('span', {}, titled(say('firstSeen'), seen, say.locale)) : ''));
  }
  content.push(...elsewhere(field === 'training' ? 'on_uploads' : field, state, status, say));
  if (answer.note && !smaller) content.push(node('p', {class: 'soft', lang: 'en'}, text(answer.note, 400)));
  return part(say(field), ...content);
}

/** Where the terms of a region say otherwise; one answer cannot speak for all of them. */
function elsewhere(field, state, {documents}, say) {
  return list(documents).filter((one) => one.region && ![state, 'silent', 'unknown'].includes(face(text(one[field], 20)).state)).slice(0, 6)
    .map((one) => node('p', {class: 'region'}, titled(region(text(one.region, 20), say.locale), say(`stance_${face(one[field]).state}`), say.locale)));
}

function contradictions(status, say) {
  const found = list(status.contradictions, 5);
  if (!found.length) return [];
  const told = found.map(({says, text: words}) => node('div', {class: 'clash'},
    node('p', {lang: 'en'}, node('strong', {}, text(words, 400))),
    node('p', {}, english(says?.says, 600), ' ', outward(says?.source, `${text(says?.speaker, 100)}, ${day(text(says?.date, 20), say.locale)}`))));
  return part(say('saysAgainstMay'), ...told);
}

function change(status, say) {
  const last = status.last_change;
  if (!last || typeof last !== 'object') return [];
  const quiet = last.quiet === true ? say('quiet') : last.quiet === false ? say('announced') : '';
  return part(say('lastChange'),
    node('p', {}, titled(day(text(last.happened_to, 40), say.locale), '', say.locale), english(last.explanation, 400), ` ${quiet}`),
    node('p', {}, outward(last.url, say('seeChange'))));
}

function choices(status, say) {
  return list(status.choices, 4).flatMap((choice) => part(
    say(choice.kind === 'opt_in' ? 'howToOptIn' : 'howToOptOut'),
    node('p', {class: 'soft', lang: 'en'}, text(choice.scope, 300)),
    node('ol', {lang: 'en'}, ...(Array.isArray(choice.steps) ? choice.steps.slice(0, 12) : []).map((step) => node('li', {}, text(step, 300)))),
    choice.url ? node('p', {}, outward(choice.url, say('openSetting'))) : ''));
}

function signals(status, say) {
  const told = list(status.signals, 40).filter(({verdict}) => verdict !== 'silent');
  const lines = told.map((signal) => node('li', {},
    `${titled(`${text(signal.family, 30)} · ${text(signal.use, 30)}`, say(`verdict_${text(signal.verdict, 20)}`), say.locale)} `, node('code', {}, text(signal.evidence, 160))));
  const none = list(status.signals).length ? 'siteSilent' : 'stance_unknown'; // nobody has read them yet
  return part(say('siteSignals'), lines.length ? node('ul', {class: 'signals'}, ...lines) : node('p', {class: 'soft'}, say(none)));
}
