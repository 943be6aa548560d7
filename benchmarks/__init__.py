"""Measurements that are too slow for the tests; docs/benchmarks.md has their figures."""
