globalThis.clausewatchWords = {
  language: 'fr',
  permits: 'Les conditions permettent d\'entraîner une IA',
  opt_out: 'Entraînement d\'IA sauf opposition',
  opt_in: 'Entraînement d\'IA seulement avec votre accord',
  prohibits: 'Les conditions excluent l\'entraînement d\'IA',
  silent: 'Les conditions ne disent rien de l\'entraînement d\'IA',
  unknown: 'Pas encore connu',
  stale: 'Pas vérifié récemment : peut-être dépassé.',
};
