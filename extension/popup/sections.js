// The parts of a status: each takes what the server said as plain data and shows it as text.

import {link, list, text} from '../lib/api.js';
import {ago, day} from '../lib/time.js';
import {node} from '../lib/view.js';

/** All parts of a platform's status that have something to say. */
export function sections(status, say) {
  return [
    ...contradictions(status, say), ...question('training', status, say), ...question('sharing', status, say),
    ...change(status, say), ...choices(status, say), ...signals(status, say), ...dates(status, say),
  ];
}

function part(title, ...content) {
  return [node('section', {}, node('h2', {}, title), ...content)];
}

function outward(address, words) {
  const href = link(address);
  return href ? node('a', {href, target: '_blank', rel: 'noopener noreferrer'}, words) : node('span', {}, words);
}

function question(field, status, say) {
  const answer = status[field] && typeof status[field] === 'object' ? status[field] : {};
  const stance = text(answer.stance, 20);
  const quote = text(answer.quote);
  const content = [node('p', {}, say(`stance_${stance || 'unknown'}`))];
  if (quote) content.push(node('blockquote', {}, quote), node('p', {}, outward(answer.fragment_url || answer.source_url, say('readInPlace'))));
  if (answer.note) content.push(node('p', {class: 'soft'}, text(answer.note, 400)));
  return part(say(field), ...content);
}

function contradictions(status, say) {
  const found = list(status.contradictions, 5);
  if (!found.length) return [];
  const told = found.map(({says, text: words}) => node('div', {class: 'warning'},
    node('p', {}, text(words, 400)),
    node('p', {class: 'soft'}, `${text(says?.says, 600)} `, outward(says?.source, `${text(says?.speaker, 100)}, ${day(text(says?.date, 20), say.language)}`))));
  return part(say('saysAgainstMay'), ...told);
}

function change(status, say) {
  const last = status.last_change;
  if (!last || typeof last !== 'object') return [];
  const quiet = last.quiet === true ? say('quiet') : last.quiet === false ? say('announced') : '';
  return part(say('lastChange'),
    node('p', {}, `${day(text(last.happened_to, 40), say.language)}: ${text(last.explanation, 400)} ${quiet}`),
    node('p', {}, outward(last.url, say('seeChange'))));
}

function choices(status, say) {
  return list(status.choices, 4).flatMap((choice) => part(
    say(choice.kind === 'opt_in' ? 'howToOptIn' : 'howToOptOut'),
    node('p', {class: 'soft'}, text(choice.scope, 300)),
    node('ol', {}, ...(Array.isArray(choice.steps) ? choice.steps.slice(0, 12) : []).map((step) => node('li', {}, text(step, 300)))),
    choice.url ? node('p', {}, outward(choice.url, say('openSetting'))) : ''));
}

function signals(status, say) {
  const told = list(status.signals, 40).filter(({verdict}) => verdict !== 'silent');
  const lines = told.map((signal) => node('li', {},
    `${text(signal.family, 30)} · ${text(signal.use, 30)}: ${say(`verdict_${text(signal.verdict, 20)}`)} `, node('span', {class: 'soft'}, text(signal.evidence, 160))));
  return part(say('siteSignals'), lines.length ? node('ul', {}, ...lines) : node('p', {class: 'soft'}, say('siteSilent')));
}

function dates(status, say) {
  const rows = [
    [say('changed'), day(text(status.changed_at, 40), say.language)],
    [say('firstSeen'), day(text(status.training?.first_seen, 40), say.language)],
    [say('lastChecked'), ago(text(status.checked_at, 40), say.language)],
  ].filter(([, value]) => value);
  return rows.length ? part(say('dates'), node('dl', {}, ...rows.flatMap(([name, value]) => [node('dt', {}, name), node('dd', {}, value)]))) : [];
}
