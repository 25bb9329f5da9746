/** Where the badge goes on SoundCloud. Another site gets a file like this one, and an entry in the manifest. */
globalThis.clausewatchSite = {
  /** The bar on top, below which the badge hangs. */
  header: "header[role='banner'], header.header, header",

  /** Below the title of a track, or null when the page shows none. */
  title() {
    const [artist, track, ...rest] = location.pathname.replace(/\/s-\w+\/?$/, '').split('/').filter(Boolean); // without a private link's secret
    if (!track || rest.length || OWN_PAGES.has(artist) || LISTS.has(track)) return null;
    return document.querySelector(".fullHero__title, .listenDetails__title, .soundTitle__titleContainer, [itemscope] h1[itemprop='name']");
  },

  /** Whether this is the page on which people publish. */
  isUpload() {
    return /^\/upload(\/|$)/.test(location.pathname);
  },
};

/** First parts of a path that are no artist, and second parts that are no track. */
const OWN_PAGES = new Set(['charts', 'discover', 'you', 'pages', 'search', 'settings', 'stream', 'tags', 'terms-of-use', 'upload']);
const LISTS = new Set(['albums', 'comments', 'followers', 'following', 'likes', 'popular-tracks', 'reposts', 'sets', 'toptracks', 'tracks']);
