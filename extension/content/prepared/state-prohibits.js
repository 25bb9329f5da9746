globalThis.clausewatchFace = {state: 'prohibits', letter: 'NO', colour: '#1b6e3c', path: 'M2 2h12v12H2Z'};
