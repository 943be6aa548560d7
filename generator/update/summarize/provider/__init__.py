"""Asking a model: requests, limits, answers, failures."""
