globalThis.clausewatchWords = {
  language: 'es',
  permits: 'Las condiciones permiten entrenar IA',
  opt_out: 'Entrenamiento de IA salvo que te opongas',
  opt_in: 'Entrenamiento de IA solo si aceptas',
  prohibits: 'Las condiciones descartan entrenar IA',
  silent: 'Las condiciones no mencionan entrenar IA',
  unknown: 'Aún no se sabe',
  stale: 'No se ha comprobado hace poco: puede estar anticuado.',
};
