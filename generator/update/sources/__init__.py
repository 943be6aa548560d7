"""arXiv's bytes to values, and polite HTTP."""
