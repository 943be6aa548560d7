#!/usr/bin/env bash
# Make the site, and say in the job summary how large it is.
# Where DAYBOOK_SITE_URL is empty, daybook.yml's address is used.
set -euo pipefail
source "$(dirname "$0")/commands.sh"

log="${RUNNER_TEMP:?}/build.log"
code=0
stop_commands
python -m generator build 2>&1 | tee "$log" || code=$?
resume_commands
sed -n 's/^daybook: \(The site has [0-9A-Za-z ,.:\/%-]*\)$/::warning::\1/p' "$log"
python .github/scripts/job_summary.py site
exit "$code"
