"""The left half: from arXiv, a model and the predecessor to ``data/``."""
