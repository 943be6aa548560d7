"""Untrusted text to safe HTML, and formulas: the only place that makes either."""
