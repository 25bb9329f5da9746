globalThis.clausewatchFace = {state: 'silent', letter: '–', colour: '#5a5f66', path: 'M1 6h14v4H1Z'};
