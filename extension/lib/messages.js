// Messages in the language that the person chose, which need not be the browser's.

import {ext} from './ext.js';

export const LANGUAGES = Object.freeze(['en', 'de', 'fr', 'es', 'pt']);

/** The language to speak: the chosen one, else the browser's, else English. */
export function pick(chosen, browsers) {
  const wanted = chosen === 'auto' ? String(browsers ?? '').toLowerCase().split('-')[0] : chosen;
  return LANGUAGES.includes(wanted) ? wanted : 'en';
}

/** Fills $1, $2 … of a message. */
export function fill(message, values) {
  return message.replace(/\$(\d)/g, (whole, number) => String(values[number - 1] ?? ''));
}

/** A function from a message's name (and values) to its words, with its language and locale. The browser itself speaks only its own. */
export async function speaker(chosen) {
  const browsers = ext.i18n.getUILanguage();
  const language = pick(chosen, browsers);
  const locale = localeOf(language, browsers);
  if (language === pick('auto', browsers)) {
    return Object.assign((name, ...values) => ext.i18n.getMessage(name, values.map(String)) || name, {language, locale});
  }
  const [own, english] = await Promise.all([read(language), language === 'en' ? {} : read('en')]);
  return Object.assign((name, ...values) => fill((own[name] ?? english[name])?.message ?? name, values), {language, locale});
}

/** How dates and numbers are written: as in the browser's own country where it speaks that language, such as en-GB. */
export function localeOf(language, browsers) {
  try {
    const [locale] = Intl.getCanonicalLocales(browsers);
    return locale.split('-')[0] === language ? locale : language;
  } catch {
    return language;
  }
}

async function read(language) {
  const answer = await fetch(ext.runtime.getURL(`_locales/${language}/messages.json`));
  return answer.json();
}

/** Puts words into every element with data-say (text) or data-say-title (tooltip and label). */
export function speakAll(root, say) {
  for (const element of root.querySelectorAll('[data-say]')) element.textContent = say(element.dataset.say);
  for (const element of root.querySelectorAll('[data-say-label]')) {
    element.setAttribute('aria-label', say(element.dataset.sayLabel));
  }
}
