globalThis.clausewatchFace = {state: 'unknown', letter: '?', colour: '#5a5f66', path: 'M2 6.5h3v3H2Zm4.5 0h3v3h-3Zm4.5 0h3v3h-3Z'};
