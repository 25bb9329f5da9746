globalThis.clausewatchStale = {colour: '#5a5f66'};
