"""Let system calls of update, import and build fail, one after the other.

    .venv/bin/python -m tests.faults                      # every call, every fault: hours
    .venv/bin/python -m tests.faults update --every 20    # every 20th call of an update

Needs Linux and a C compiler. Prints a line for each complaint; ends with 1 if there is one.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.faults.injection import FAULTS, Injection, compile_shim
from tests.faults.scenarios import SCENARIOS
from tests.loopback import Loopback


def main() -> int:
    """Return 0 where nobody would complain."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("scenario", nargs="*", help=f"of {', '.join(SCENARIOS)} (default: all)")
    parser.add_argument("--fault", choices=FAULTS, help="only this one")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every n-th call only")
    parser.add_argument("--first", type=int, default=1, metavar="N", help="from this call on")
    options = parser.parse_args()
    if "LD_PRELOAD" not in os.environ:
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "LD_PRELOAD": str(compile_shim(Path(folder)))}
            command = [sys.executable, "-m", "tests.faults", *sys.argv[1:]]
            return os.spawnve(os.P_WAIT, sys.executable, command, environment)
    return _run(options)


def _run(options: argparse.Namespace) -> int:
    complaints = 0
    for name in options.scenario or SCENARIOS:
        with tempfile.TemporaryDirectory() as folder, Loopback() as arxiv:
            injection = Injection(SCENARIOS[name](Path(folder), arxiv))
            for kind in [options.fault] if options.fault else FAULTS:
                fault = FAULTS[kind]
                points = range(options.first, injection.points(fault) + 1, options.every)
                print(f"{name}, {kind}: {len(points)} calls", flush=True)
                for point in points:
                    for line in injection.problems(point, fault):
                        print(f"{name}, {kind} at call {point}: {line}", flush=True)
                        complaints += 1
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
