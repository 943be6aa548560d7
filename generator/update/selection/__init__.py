"""Which papers a day lists, and why. Pure."""
