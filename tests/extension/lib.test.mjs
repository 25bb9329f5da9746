// The pure parts of the extension: node --test. The contract's answers are the ones that the server's tests read, too.

import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {test} from 'node:test';
import {setTimeout} from 'node:timers/promises';
import {runInNewContext} from 'node:vm';

const store = {};
let room = Infinity; // letters that the storage takes at once
const put = (values) => {
  if (JSON.stringify(values).length > room) throw new Error('QUOTA_BYTES quota exceeded');
  Object.assign(store, values);
};
globalThis.chrome = {storage: {local: {get: async (keys) => Object.fromEntries([keys].flat().filter((key) => key in store).map((key) => [key, store[key]])), set: async (values) => put(values), remove: async (key) => { delete store[key]; }}}, i18n: {getUILanguage: () => 'en', getMessage: (name, values) => fill(words('en')[name].message, values)}, runtime: {getURL: (path) => path}};

const {find, hostOf, known, listOf, listedHost, platformOf, refresh, siteOf} = await import('../../extension/lib/list.js');
const {face, path, FACES} = await import('../../extension/lib/badge.js');
const {migrate, serverAddress, DEFAULTS} = await import('../../extension/lib/settings.js');
const {badgeOf, get, hostList, link, text, ApiError} = await import('../../extension/lib/api.js');
const {fill, localeOf, pick, LANGUAGES} = await import('../../extension/lib/messages.js');
const {ago, day, titled} = await import('../../extension/lib/time.js');
const {judge} = await import('../../extension/lib/page-signals.js');
const {kept, lookUp} = await import('../../extension/lib/lookups.js');
const {detail, site} = await import('../../extension/lib/in-page.js');
const {newsOf} = await import('../../extension/lib/news.js');

const contract = (name) => JSON.parse(readFileSync(new URL(`../contract/${name}.json`, import.meta.url)));
const words = (language) => JSON.parse(readFileSync(new URL(`../../extension/_locales/${language}/messages.json`, import.meta.url)));
const HOSTS = {'soundcloud.com': 'soundcloud', 'm.soundcloud.com': 'soundcloud', 'example.co.uk': 'example'};

for (const [address, id] of [
  ['https://soundcloud.com/artist/track', 'soundcloud'], ['https://www.soundcloud.com/', 'soundcloud'], ['http://SoundCloud.com.:80/x', 'soundcloud'],
  ['https://a.b.example.co.uk/', 'example'],
  // look-alikes that must stay silent
  ['https://notsoundcloud.com/', ''], ['https://soundcloud.com.evil.example/', ''], ['https://evil.example/soundcloud.com', ''], ['https://co.uk/', ''],
  ['about:blank', ''], ['file:///soundcloud.com', ''], ['chrome-extension://soundcloud.com/', ''], ['not an address', ''],
]) {
  test(`${address} → ${id || 'not watched'}`, () => assert.equal(platformOf(hostOf(address), HOSTS), id));
}

for (const [host, site] of [['m.a.example', 'a.example'], ['a.example', 'a.example'], ['b.a.example', 'b.a.example'], ['na.example', 'na.example']]) {
  const hosts = {'a.example': 'a', 'm.a.example': 'a', 'b.a.example': 'b', 'na.example': 'a'};
  test(`${host} is of the site ${site}`, () => assert.equal(siteOf(host, hosts), site));
}

test('an inherited name is no host', () => assert.equal(listedHost('x.constructor', HOSTS), ''));

test('faces are those of the contract', () => {
  for (const [state, {letter, shape}] of Object.entries(contract('badge'))) {
    assert.equal(face(state).letter, letter);
    assert.equal(face(state).shape, shape);
  }
  assert.equal(Object.keys(FACES).length, Object.keys(contract('badge')).length);
});

test('a state that nobody knows is shown as unknown', () => {
  for (const odd of ['approved', '', undefined, '__proto__', 'toString']) assert.equal(face(odd).state, 'unknown');
});

test('English labels are those of the contract', () => {
  for (const [state, {label}] of Object.entries(contract('badge'))) assert.equal(words('en')[`label_${state}`].message, label);
});

test('the host list of the contract is understood', () => {
  const list = hostList(contract('hosts'));
  assert.equal(list.hosts['m.soundcloud.com'], 'soundcloud');
  assert.equal(list.platforms.soundcloud.state, 'permits');
});

test('a list of more than anybody watches is none', () => {
  const many = (count) => ({hosts: {}, platforms: Object.fromEntries(Array.from({length: count}, (_, n) => [`p${n}`, {}]))});
  assert.equal(Object.keys(hostList(many(3000)).platforms).length, 3000);
  assert.throws(() => hostList(many(3001)), ApiError);
});

for (const [badge, state, stale] of [
  [{state: 'permits', stale: true}, 'permits', true], [{state: 'permits', stale: false}, 'permits', false], [{state: 'unknown', stale: true}, 'unknown', false],
  [{state: 7, stale: 'yes'}, '', false], [null, '', false], ['x', '', false],
]) {
  test(`a badge ${JSON.stringify(badge)} is ${stale ? '' : 'not '}out of date`, () => assert.deepEqual(badgeOf(badge), {state, stale}));
}

test('a hostile host list becomes plain data or nothing', () => {
  assert.deepEqual(hostList(JSON.parse('{"hosts": {"a.example": "__proto__"}, "platforms": {"__proto__": {"name": "evil"}}}')), {hosts: {}, platforms: {}});
  assert.throws(() => hostList({hosts: 'x', platforms: {}}), ApiError);
  assert.throws(() => hostList({hosts: {}}), ApiError);
  const list = hostList({hosts: {'a.example': 'a', 'b.example': 'nowhere', 'c.example': 7}, platforms: {a: {name: {}, badge: 'x', in_page: 'yes'}}});
  assert.deepEqual(list.hosts, {'a.example': 'a'});
  assert.deepEqual(list.platforms.a, {name: 'a', in_page: false, state: '', stale: false, changed_at: '', checked_at: ''});
});

const answer = (status, body) => async () => new Response(body, {status});

test('an answer is data, asked for without cookies, referrer, redirects, or anything that needs a preflight', async () => {
  let sent;
  const fetcher = async (url, options) => {
    sent = options;
    return new Response('{"a":1}');
  };
  assert.deepEqual(await get('http://s', '/v1/x', {fetcher}), {data: {a: 1}});
  assert.deepEqual([sent.credentials, sent.referrerPolicy, sent.redirect, sent.headers], ['omit', 'no-referrer', 'manual', undefined]);
});

for (const [name, fetcher, reason] of [
  ['no network', async () => { throw new TypeError('failed'); }, 'offline'],
  ['a redirect', async () => ({type: 'opaqueredirect', ok: false, status: 0}), 'moved'],
  ['an error status', answer(500, '{}'), 'refused'], ['not JSON', answer(200, '<html>'), 'broken'], ['an array', answer(200, '[]'), 'broken'],
  ['null', answer(200, 'null'), 'broken'], ['too much', answer(200, `"${'x'.repeat(2_100_000)}"`), 'broken'],
  ['silence', (_, {signal}) => new Promise((_, no) => signal.addEventListener('abort', () => no(new Error('aborted')))), 'timeout'],
]) {
  test(`${name} is told as ${reason}`, async () => {
    await assert.rejects(get('http://s', '/v1/x', {fetcher, deadline: 50}), (why) => why instanceof ApiError && why.reason === reason);
  });
}

for (const [value, expected] of [
  ['https://a.example/x', 'https://a.example/x'], ['http://a.example', 'http://a.example/'],
  ['javascript:alert(1)', ''], ['data:text/html,x', ''], ['//a.example', ''], [7, ''], [null, ''],
]) {
  test(`link ${value}`, () => assert.equal(link(value), expected));
}

test('text is text', () => {
  assert.equal(text('<b>x</b>'), '<b>x</b>');
  assert.equal(text({toString: () => 'x'}), '');
  assert.equal(text('abc', 2), 'ab');
});

for (const [typed, address] of [
  ['http://127.0.0.1:8000/', 'http://127.0.0.1:8000'], [' https://watch.example/base/ ', 'https://watch.example/base'],
  ['http://localhost:8000', 'http://localhost:8000'], ['http://[::1]:8000', 'http://[::1]:8000'],
  ['watch.example', ''], ['ftp://watch.example', ''], ['https://me:secret@watch.example', ''], ['', ''],
  ['http://watch.example', ''], ['http://127.0.0.1.evil.example', ''], ['http://localhost.evil.example', ''],
  ['https://watch.example/?a=1', ''], ['https://watch.example/#a', ''],
]) {
  test(`server address "${typed}"`, () => assert.equal(serverAddress(typed), address));
}

test('settings of version 1 are carried over', () => {
  const now = migrate({version: 1, server: 'https://watch.example', showInPage: false, followed: ['soundcloud']});
  assert.deepEqual(now, {...DEFAULTS, server: 'https://watch.example', hidden: ['soundcloud.com'], followed: ['soundcloud']});
});

test('broken settings become the defaults', () => {
  for (const odd of [null, 'x', [], {version: 'constructor'}, {version: 99, server: 5, followed: 'all'}, {server: 'javascript:alert(1)'}]) assert.deepEqual(migrate(odd), DEFAULTS);
});

test('every language has every message, with the same places to fill', () => {
  const english = words('en');
  const places = (message) => [...new Set(message.match(/\$\d/g) ?? [])].sort().join();
  for (const language of LANGUAGES) {
    const own = words(language);
    assert.deepEqual(Object.keys(own).sort(), Object.keys(english).sort(), language);
    for (const [name, {message}] of Object.entries(own)) {
      assert.ok(message.trim(), `${language} ${name}`);
      assert.equal(places(message), places(english[name].message), `${language} ${name}`);
    }
  }
  assert.deepEqual(readdirSync(new URL('../../extension/_locales', import.meta.url)).sort(), [...LANGUAGES].sort());
});

test('the language chosen goes before the browser’s', () => {
  assert.deepEqual([pick('auto', 'de-AT'), pick('fr', 'de'), pick('auto', 'fi'), pick('xx', 'de')], ['de', 'fr', 'en', 'en']);
});

for (const [language, browsers, written] of [
  ['en', 'en-GB', '12 February 2024'], ['en', 'en-US', 'February 12, 2024'], ['de', 'de-AT', '12. Februar 2024'], ['pt', 'pt-PT', '12 de fevereiro de 2024'],
  // a language chosen against the browser's, and languages that are none
  ['de', 'en-GB', '12. Februar 2024'], ['en', 'en_US@posix', 'February 12, 2024'], ['en', undefined, 'February 12, 2024'], ['fr', 'frr', '12 février 2024'],
]) {
  test(`a date in ${language} where the browser speaks ${browsers}`, () => assert.equal(day('2024-02-12T12:00:00Z', localeOf(language, browsers)), written));
}

test('a value that looks like a place is not filled again', () => assert.equal(fill('$1 and $2', ['$2', 'x']), '$2 and x'));

for (const [seconds, said] of [[0, 'this minute'], [59, 'this minute'], [3599, '59 minutes ago'], [3600, '1 hour ago'], [86_399, '23 hours ago'], [86_400, '1 day ago'], [47 * 3600, '1 day ago'],
  [59 * 86_400, '1 month ago'], [729 * 86_400, '1 year ago'],
  [-120, 'this minute'], [-400 * 86_400, 'this minute']]) { // a clock that was put back, or goes differently from the server's
  test(`what was ${seconds} seconds ago was ${said}`, () => assert.equal(ago(Date.now() - seconds * 1000 - 200, 'en'), said));
}

test('ages and days', () => {
  const now = Date.parse('2024-03-01T00:00:00Z');
  assert.equal(ago('2024-02-27T00:00:00Z', 'en', now), '3 days ago');
  assert.equal(ago('nonsense', 'en', now), '');
  assert.equal(day('2024-02-12T12:00:00Z', 'en'), 'February 12, 2024');
  assert.equal(day('', 'en'), '');
  assert.equal(day('nonsense', 'en'), '');
  assert.deepEqual(['2024', '2024-02', '2024-02-12'].map((date) => day(date, 'de')), ['2024', 'Februar 2024', '12. Februar 2024']);
});

const meta = (name, value) => ({metas: [{name, value}], headers: {}});
const header = (name, value) => ({metas: [], headers: {[name]: value}});

for (const [says, page, family, verdict] of [
  ['noai in a robots tag', meta('Robots', 'index, NOAI'), 'noai', 'reserved'],
  ['noimageai in a robots tag', meta('robots', 'noimageai'), 'noimageai', 'reserved'],
  ['a tag for an AI crawler', meta('GPTBot', 'noai'), 'noai', 'reserved'],
  ['noai in the header', header('x-robots-tag', 'noindex, noai'), 'noai', 'reserved'],
  ['a header for an AI crawler', header('x-robots-tag', 'gptbot: noindex, noai'), 'noai', 'reserved'],
  ['a dated directive before it', header('x-robots-tag', 'unavailable_after: 2030-01-01, noai'), 'noai', 'reserved'],
  ['a reservation in a tag', meta('tdm-reservation', '1'), 'tdmrep', 'reserved'],
  ['a permission in a tag', meta('tdm-reservation', '0'), 'tdmrep', 'allowed'],
  ['a reservation in the header', header('tdm-reservation', '1'), 'tdmrep', 'reserved'],
  ['a tag against the header', {...meta('tdm-reservation', '0'), headers: {'tdm-reservation': '1'}}, 'tdmrep', 'allowed'],
  ['a tag, headers unread', {...meta('robots', 'noai'), headers: null}, 'noai', 'reserved'],
  ['nothing, headers unread', {metas: [], headers: null}, 'noai', 'unreadable'],
  // look-alikes that must stay silent
  ['noindex', meta('robots', 'noindex'), 'noai', 'silent'],
  ['a word that begins like it', meta('robots', 'noairport'), 'noai', 'silent'],
  ['noimageai alone', meta('robots', 'noimageai'), 'noai', 'silent'],
  ['a description that names it', meta('description', 'noai'), 'noai', 'silent'],
  ['a tag for a search crawler', meta('googlebot', 'noai'), 'noai', 'silent'],
  ['a header for another crawler', header('x-robots-tag', 'otherbot: noindex, noai'), 'noai', 'silent'],
  ['a reservation of no known kind', meta('tdm-reservation', 'yes'), 'tdmrep', 'silent'],
]) {
  test(`the open page with ${says}: ${family} is ${verdict}`, () => {
    assert.equal(judge(page).find((signal) => signal.family === family).verdict, verdict);
  });
}

const T1 = '2024-02-12T12:00:00Z';
const T2 = '2025-05-27T12:00:00Z';
const one = (state, changed_at) => ({s: {name: 'S', state, changed_at}});

const NOW = Date.parse(T2) + 2 * 86_400_000;
const AUTUMN = Date.parse('2024-09-01T00:00:00Z');

for (const [says, before, now, kind] of [
  ['a change of the terms', ['silent', T1], ['permits', T2], 'changed'],
  ['a first change', ['silent', ''], ['permits', T2], 'changed'],
  ['a change that leaves the answer', ['permits', T1], ['permits', T2], 'changed'],
  ['a new reading of old terms', ['silent', T1], ['permits', T1], 'reread'],
  ['a change while the browser was closed for months', ['permits', T1, AUTUMN], ['permits', '2024-10-01T00:00:00Z'], 'changed'],
  ['a change after a clock was put back', ['permits', T1, NOW + 1e11], ['permits', T2], 'changed'],
  // what must stay silent
  ['a change of years ago that an archive told', ['permits', ''], ['permits', T1], undefined],
  ['one of years ago that is newer than the one known', ['permits', T1, NOW], ['permits', '2024-10-01T00:00:00Z'], undefined],
  ['the same as before', ['permits', T1], ['permits', T1], undefined],
  ['a reading that was lost', ['permits', T1], ['unknown', T1], undefined],
  ['a reading that was found', ['unknown', ''], ['permits', ''], undefined],
  ['a server that knows less history', ['permits', T2], ['permits', T1], undefined],
  ['a date that is none', ['permits', T1], ['permits', 'tomorrow'], undefined],
]) {
  test(`${says} is ${kind ?? 'no'} news`, () => {
    assert.equal(newsOf({s: {state: before[0], changed_at: before[1], at: before[2]}}, one(...now), ['s'], NOW).news[0]?.kind, kind);
  });
}

test('a platform met for the first time is no news, and one that is not followed is forgotten', () => {
  assert.deepEqual(newsOf({x: {state: 'silent', changed_at: ''}}, one('permits', T1), ['s'], NOW), {news: [], seen: {s: {state: 'permits', changed_at: T1, at: NOW}}});
});

test('what an older version remembered is met for the first time', () => {
  assert.deepEqual(newsOf({s: 'silent 2020'}, one('permits', T1), ['s']).news, []);
});

test('news is told once, and an outage of the reading is not told when it ends', () => {
  const first = newsOf({s: {state: 'silent', changed_at: T1}}, one('permits', T2), ['s'], NOW);
  assert.equal(first.news.length, 1);
  const lost = newsOf(first.seen, one('unknown', T2), ['s'], NOW);
  assert.deepEqual([lost.news, newsOf(lost.seen, one('permits', T2), ['s'], NOW).news], [[], []]);
});

test('each message is asked for somewhere', () => {
  const folder = new URL('../../extension/', import.meta.url);
  const files = readdirSync(folder, {recursive: true}).filter((path) => /\.(js|html)$|manifest\.json$/.test(path));
  const code = files.map((path) => readFileSync(new URL(path, folder), 'utf8')).join('\n');
  const unused = Object.keys(words('en')).filter((name) => {
    const family = name.split('_')[0];
    return !new RegExp(`['"]${name}['"]|MSG_${name}__`).test(code) && !(name.includes('_') && code.includes(`\`${family}_\${`)) && !['training', 'sharing'].includes(name);
  });
  assert.deepEqual(unused, []);
});

test('the popup loads at once what its first paint needs, and nothing else', () => {
  const page = new URL('../../extension/popup/popup.html', import.meta.url);
  const needed = (file) => [...readFileSync(file, 'utf8').matchAll(/^import .* from '(.*)';$/gm)].map(([, path]) => new URL(path, file))
    .flatMap((found) => [found.href, ...needed(found)]);
  const named = [...readFileSync(page, 'utf8').matchAll(/(?:modulepreload" href|async src)="(.*?)"/g)].map(([, path]) => new URL(path, page).href);
  assert.deepEqual(named.sort(), [...new Set(needed(new URL('popup.js', page)))].sort());
});

const PREPARED = new URL('../../extension/content/prepared/', import.meta.url);

function ran(name) {
  const world = {};
  runInNewContext(readFileSync(new URL(`${name}.js`, PREPARED), 'utf8'), world);
  return JSON.parse(JSON.stringify(world));
}

test('what pages are told before they ask is what the messages and the faces say', () => {
  for (const language of LANGUAGES) {
    const labels = Object.keys(FACES).map((state) => [state, words(language)[`label_${state}`].message]);
    const expected = {language, ...Object.fromEntries(labels), stale: words(language).stale.message};
    assert.deepEqual(ran(`words-${language}`), {clausewatchWords: expected});
  }
  for (const [state, {letter, shape, colour}] of Object.entries(FACES)) {
    assert.deepEqual(ran(`state-${state}`), {clausewatchFace: {state, letter, colour, path: path(shape)}});
  }
  assert.deepEqual(ran('stale'), {clausewatchStale: {colour: FACES.unknown.colour}});
  for (const theme of ['light', 'dark']) assert.deepEqual(ran(`theme-${theme}`), {clausewatchTheme: theme});
});

test('the content scripts of a page stay small, in the longest language', () => {
  const {content_scripts: [{js}]} = JSON.parse(readFileSync(new URL('../../extension/manifest.json', import.meta.url)));
  const size = (file) => readFileSync(file).length;
  const always = js.map((path) => size(new URL(`../../extension/${path}`, import.meta.url)));
  const longest = ['words-', 'state-', 'theme-', 'stale'].map((kind) =>
    Math.max(...readdirSync(PREPARED).filter((name) => name.startsWith(kind)).map((name) => size(new URL(name, PREPARED)))));
  const all = [...always, ...longest].reduce((sum, one) => sum + one);
  assert.ok(all <= 15 * 1024, `${all} bytes`);
});

const SERVER = 'http://127.0.0.1:8000';
const HOUR = 3_600_000;
const LIST = {hosts: {'soundcloud.com': 'soundcloud'}, platforms: {soundcloud: {name: 'SoundCloud', state: 'permits', stale: false, in_page: true}}, server: SERVER, trouble: ''};

for (const [when, hours, asks, stale] of [
  ['a minute ago', 0.02, false, false], ['seven hours ago', 7, true, false], ['four days ago', 96, true, true],
  // the clock was ahead, and was put right
  ['in a minute', -0.02, false, false], ['in seven hours', -7, true, false], ['in a year', -8760, true, true],
]) {
  test(`a list fetched ${when} is ${asks ? '' : 'not '}fetched again and ${stale ? '' : 'not '}called out of date`, async () => {
    const asked = serve();
    const list = {...LIST, fetchedAt: Date.now() - hours * HOUR, triedAt: 0};
    assert.equal(find(list, 'https://soundcloud.com/x').platform.stale, stale);
    await refresh(SERVER, {old: list});
    assert.equal(asked.length, asks ? 1 : 0);
  });
}

test('what is stored and is no list is none, and a whole one stays', () => {
  const list = {...LIST, fetchedAt: 1, triedAt: 0};
  for (const odd of [null, 5, 'x', [], {server: SERVER, hosts: null}, {...list, platforms: 'x'}, {...list, fetchedAt: 'today'}, {...list, hosts: 7}]) {
    assert.deepEqual(listOf(odd, SERVER), {hosts: {}, platforms: {}, fetchedAt: 0, triedAt: 0, server: SERVER, trouble: ''});
  }
  assert.deepEqual(listOf(list, SERVER), list);
  assert.deepEqual(listOf({...list, hosts: {constructor: 'soundcloud'}}, SERVER).hosts, {constructor: 'soundcloud'});
  assert.equal(listOf(list, 'https://other.example').fetchedAt, 0);
});

test('what is stored and is no answer is none', async () => {
  for (const odd of [null, 5, 'x', [], {'a.example': null}, {'a.example': {server: SERVER}}, {'a.example': {server: SERVER, data: 'x', at: 1}}]) {
    const {lookups} = await known(Promise.resolve({lookups: odd}));
    assert.equal(kept(lookups, SERVER, 'a.example'), null);
  }
  serve();
  store.lookups = {'a.example': null, 'b.example': {server: SERVER, data: {}, at: 1}};
  await lookUp(SERVER, 'soundcloud.com');
  await setTimeout();
  assert.deepEqual(Object.keys(store.lookups), ['soundcloud.com', 'b.example']);
  delete store.lookups;
});

test('a list for which there is no room is told, the old one stays, and kept answers make room for the next', async () => {
  serve();
  const list = {...LIST, fetchedAt: 1, triedAt: 0};
  Object.assign(store, {list, lookups: {'a.example': {}}});
  room = 300;
  const found = await refresh(SERVER, {old: list, now: true});
  room = Infinity;
  assert.deepEqual([found.trouble, found.fetchedAt, found.hosts, store.lookups], ['full', 1, LIST.hosts, undefined]);
  assert.equal((await refresh(SERVER, {old: list, now: true})).trouble, '');
  delete store.list;
});

/** Has the contract's server answer, with what it is asked for in the order asked. */
function serve() {
  const asked = [];
  globalThis.fetch = async (url) => {
    asked.push(String(url));
    if (String(url).includes('_locales')) return Response.json(words('en'));
    return Response.json(contract(String(url).includes('/v1/hosts') ? 'hosts' : 'lookup'));
  };
  return asked;
}

test('a look-up is kept, and belongs to the server that gave it', async () => {
  serve();
  assert.equal((await lookUp(SERVER, 'soundcloud.com')).data.platform, 'soundcloud');
  await setTimeout();
  assert.equal(kept(store.lookups, SERVER, 'soundcloud.com').data.platform, 'soundcloud');
  assert.equal(kept(store.lookups, 'https://other.example', 'soundcloud.com'), null);
  assert.equal(kept(store.lookups, SERVER, 'constructor'), null);
});

test('in a private window a look-up is shown and not kept: neither the popup nor the badge leaves a trace', async () => {
  const asked = serve();
  delete store.lookups;
  assert.equal((await lookUp(SERVER, 'soundcloud.com', {isPrivate: true})).data.platform, 'soundcloud');
  const card = await detail({url: 'https://soundcloud.com/a/secret', tab: {incognito: true}});
  assert.equal(card.detail.quote, contract('lookup').training.quote);
  await setTimeout();
  assert.equal(store.lookups, undefined);
  assert.ok(!JSON.stringify(store).includes('secret'));
  assert.ok(asked.every((url) => !url.includes('secret')));
  assert.ok((await detail({url: 'https://soundcloud.com/a/secret', tab: {incognito: false}})).detail);
  await setTimeout();
  assert.deepEqual(Object.keys(store.lookups), ['soundcloud.com']);
});

test('the card says what the answer says, though the list was older', async () => {
  const asked = serve();
  const old = {...LIST, platforms: {soundcloud: {...LIST.platforms.soundcloud, state: 'silent'}}, fetchedAt: Date.now(), triedAt: 0};
  for (const [list, fetches] of [[old, 1], [{...LIST, fetchedAt: Date.now(), triedAt: 0}, 0]]) {
    asked.length = 0;
    store.list = list;
    assert.equal((await detail({url: 'https://soundcloud.com/a/b'})).face.letter, 'YES');
    assert.equal(asked.filter((url) => url.endsWith('/v1/hosts')).length, fetches);
  }
  delete store.list;
});

for (const [state, says] of [['unknown', 'Not read yet.'], ['silent', 'No sentence in the terms speaks of it.']]) {
  test(`a card on terms that are ${state} says: ${says}`, async () => {
    serve();
    store.list = {...LIST, platforms: {soundcloud: {...LIST.platforms.soundcloud, state}}, fetchedAt: Date.now(), triedAt: 0};
    assert.equal((await site({url: 'https://soundcloud.com/a/b'})).words.noSentence, says);
    delete store.list;
  });
}

test('a title stands before its words as the language has it', () => {
  assert.deepEqual(['en', 'fr'].map((language) => titled('A', 'b', language)), ['A: b', 'A\u00a0: b']);
});

test('the badge asks nothing about a page that is not watched', async () => {
  const asked = serve();
  assert.equal(await detail({url: 'https://other.example/secret'}), null);
  assert.ok(asked.every((url) => !url.includes('lookup')));
});

test('only the newest look-ups are kept', async () => {
  serve();
  for (let number = 0; number < 25; number += 1) {
    await lookUp(SERVER, `h${number}.example`);
    await setTimeout();
  }
  assert.equal(Object.keys(store.lookups).length, 20);
});
