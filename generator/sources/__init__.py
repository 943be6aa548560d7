"""From bytes to values: what arXiv and the predecessor say, read but not judged."""
