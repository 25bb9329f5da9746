"""The demo's invented platform: its terms before and after a quiet change, served on loopback."""
