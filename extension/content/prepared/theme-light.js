globalThis.clausewatchTheme = 'light';
