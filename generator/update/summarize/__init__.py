"""Summaries by a language model: what to ask for, in which words, and what came of it."""
