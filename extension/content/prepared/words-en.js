globalThis.clausewatchWords = {
  language: 'en',
  permits: 'The terms allow AI training',
  opt_out: 'AI training unless you object',
  opt_in: 'AI training only if you agree',
  prohibits: 'The terms rule out AI training',
  silent: 'The terms do not mention AI training',
  unknown: 'Not known yet',
  stale: 'Not checked lately: this may be out of date.',
};
