"""What a model reads: the text of a paper, from its HTML or PDF."""
