// Dates and ages for people.

const DAY = 86_400_000;
export const STALE_LIST = 3 * DAY;

/** Milliseconds since `moment` (ISO text or number); NaN when it is none. */
export function age(moment, now = Date.now()) {
  return now - (typeof moment === 'number' ? moment : Date.parse(moment));
}

/** "3 days ago" in the given language; '' when the moment is none. */
export function ago(moment, language, now = Date.now()) {
  const passed = age(moment, now);
  if (!Number.isFinite(passed)) return '';
  const words = new Intl.RelativeTimeFormat(language, {numeric: 'auto'});
  const units = [['year', 365 * DAY], ['month', 30 * DAY], ['day', DAY], ['hour', DAY / 24], ['minute', 60_000]];
  const [unit, size] = units.find(([, length]) => Math.abs(passed) >= length) ?? units.at(-1);
  return words.format(-Math.round(passed / size), unit);
}

/** "Changed: … · Last checked: …", without what is not known; a line ends only between the two. */
export function dates(changed, checked, say) {
  const told = [[say('changed'), day(changed, say.language)], [say('lastChecked'), ago(checked, say.language)]];
  return told.filter(([, when]) => when).map((pair) => pair.join(': ').replaceAll(' ', '\u00a0')).join('\u00a0· ');
}

/** "12 February 2024" in the given language; '' when the moment is none. */
export function day(moment, language) {
  const date = new Date(moment);
  if (!moment || Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(language, {dateStyle: 'long', timeZone: 'UTC'}).format(date);
}
