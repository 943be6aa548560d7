"""System calls that fail: see ``tests.faults.injection``, and ``python -m tests.faults``."""
