globalThis.clausewatchTheme = 'dark';
