globalThis.clausewatchFace = {state: 'permits', letter: 'YES', colour: '#b3261e', path: 'M8 1.5 15.2 14.5H.8Z'};
