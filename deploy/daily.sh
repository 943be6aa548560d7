#!/usr/bin/env bash
# A day's whole work on one's own machine: update, then build even where the update was incomplete.
# The exit code is that of what failed first.
set -uo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python -m generator update
updated=$?
.venv/bin/python -m generator build
built=$?
exit $((updated ? updated : built))
