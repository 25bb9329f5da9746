"""The public pages: rendered here, readable without JavaScript."""
