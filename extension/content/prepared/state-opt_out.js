globalThis.clausewatchFace = {state: 'opt_out', letter: 'OUT', colour: '#9a5b00', path: 'M8 .5 15.5 8 8 15.5.5 8Z'};
