"""Values, ids, addresses, texts, errors, progress: what all of Daybook speaks of.

Imports nothing of ours.
"""
