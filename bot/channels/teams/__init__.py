"""Microsoft Teams: the same assistant where practitioners work."""
