"""Summaries: which papers need one, what a model is given to read, asked and answers."""
