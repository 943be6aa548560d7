"""Daybook: a permanent, searchable archive of each day's arXiv announcements."""

__version__ = "0.1.0"
