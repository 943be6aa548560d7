"""Search over the whole archive, and what rests on the same statistics of words."""
