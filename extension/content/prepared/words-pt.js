globalThis.clausewatchWords = {
  language: 'pt',
  permits: 'Os termos permitem treinar IA',
  opt_out: 'Treinamento de IA, a menos que você se oponha',
  opt_in: 'Treinamento de IA só se você concordar',
  prohibits: 'Os termos excluem treinar IA',
  silent: 'Os termos não falam de treinar IA',
  unknown: 'Ainda não se sabe',
  stale: 'Não verificado recentemente: pode estar desatualizado.',
};
