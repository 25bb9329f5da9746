// Dates, ages and regions for people.

const DAY = 86_400_000;
export const STALE_LIST = 3 * DAY;

/** Milliseconds since `moment` (ISO text or number); NaN when it is none. Clocks differ and are put right: it may be less than 0. */
export function age(moment, now = Date.now()) {
  return now - (typeof moment === 'number' ? moment : Date.parse(moment));
}

/** Whether `moment` is longer ago than `most`, or as far in the future: then a clock was wrong, and nobody knows how old it is. */
export function isOld(moment, most, now = Date.now()) {
  return !(Math.abs(age(moment, now)) <= most);
}

/** "3 days ago" in the given language; '' when the moment is none. What a wrong clock puts into the future was just now. */
export function ago(moment, language, now = Date.now()) {
  const passed = Math.max(0, age(moment, now));
  if (!Number.isFinite(passed)) return '';
  // "yesterday" and "last year" speak of the calendar: 47 hours may be the day before.
  const words = new Intl.RelativeTimeFormat(language, {numeric: passed < 60_000 ? 'auto' : 'always'});
  const units = [['year', 365 * DAY], ['month', 30 * DAY], ['day', DAY], ['hour', DAY / 24], ['minute', 60_000]];
  const [unit, size] = units.find(([, length]) => passed >= length) ?? units.at(-1);
  return words.format(-Math.floor(passed / size), unit);
}

/** "Changed: … · Last checked: …", without what is not known; a line ends only between the two. */
export function dates(changed, checked, say) {
  const told = [[say('changed'), day(changed, say.locale)], [say('lastChecked'), ago(checked, say.locale)]];
  return told.filter(([, when]) => when).map((pair) => titled(...pair, say.locale).replaceAll(' ', '\u00a0')).join('\u00a0· ');
}

/** "Title: words"; French puts a space before the colon. */
export function titled(title, words, language) {
  return `${title}${language.startsWith('fr') ? '\u00a0' : ''}: ${words}`;
}

/** A region by its name in the given language; by its code where it has none there, such as EEA. */
export function region(code, language) {
  try {
    return new Intl.DisplayNames(language, {type: 'region'}).of(code);
  } catch {
    return code;
  }
}

/** By the letters of a date that is known to the year or the month only (2024, 2024-02), how it is written. */
const ROUGH = {4: {year: 'numeric'}, 7: {year: 'numeric', month: 'long'}};

/** "12 February 2024" in the given language; '' when the moment is none. */
export function day(moment, language) {
  const date = new Date(moment);
  if (!moment || Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(language, {...(ROUGH[moment.length] ?? {dateStyle: 'long'}), timeZone: 'UTC'}).format(date);
}
