// The badge by state: a letter and a shape, and a colour only on top of them.

export const FACES = Object.freeze({
  permits: {letter: 'YES', shape: 'triangle', colour: '#b3261e'},
  opt_out: {letter: 'OUT', shape: 'diamond', colour: '#9a5b00'},
  opt_in: {letter: 'ASK', shape: 'circle', colour: '#0b57a4'},
  prohibits: {letter: 'NO', shape: 'square', colour: '#1b6e3c'},
  silent: {letter: '–', shape: 'bar', colour: '#5a5f66'},
  unknown: {letter: '?', shape: 'dotted', colour: '#5a5f66'},
});

/** The face of a state; one that this version does not know is shown as unknown. */
export function face(state) {
  const known = Object.hasOwn(FACES, state) ? state : 'unknown';
  return {state: known, ...FACES[known]};
}

/** SVG path data of a shape in a box of 16 by 16. */
export function path(shape) {
  return {
    triangle: 'M8 1.5 15.2 14.5H.8Z',
    diamond: 'M8 .5 15.5 8 8 15.5.5 8Z',
    circle: 'M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1Z',
    square: 'M2 2h12v12H2Z',
    bar: 'M1 6h14v4H1Z',
    dotted: 'M2 6.5h3v3H2Zm4.5 0h3v3h-3Zm4.5 0h3v3h-3Z',
  }[shape] ?? 'M2 6.5h3v3H2Zm4.5 0h3v3h-3Zm4.5 0h3v3h-3Z';
}
