globalThis.clausewatchWords = {
  language: 'de',
  permits: 'Die Bedingungen erlauben KI-Training',
  opt_out: 'KI-Training, sofern du nicht widersprichst',
  opt_in: 'KI-Training nur mit deiner Zustimmung',
  prohibits: 'Die Bedingungen schließen KI-Training aus',
  silent: 'Die Bedingungen sagen nichts zu KI-Training',
  unknown: 'Noch nicht bekannt',
  stale: 'Länger nicht geprüft: vielleicht überholt.',
};
