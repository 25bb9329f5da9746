globalThis.clausewatchFace = {state: 'opt_in', letter: 'ASK', colour: '#0b57a4', path: 'M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1Z'};
