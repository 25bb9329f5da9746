"""A Bot API server for tests: it enforces Telegram's limits, keeps what was sent, and fails as it is told to."""
