#!/usr/bin/env bash
# Make the site, and say in the job summary how large it is.
# Where DAYBOOK_SITE_URL is empty, daybook.yml's address is used.
set -euo pipefail

log="${RUNNER_TEMP:?}/build.log"
code=0
python -m generator build 2>&1 | tee "$log" || code=$?
sed -n 's/^daybook: \(The site has .*\)/::warning::\1/p' "$log"
{
  echo "## Site"
  echo
  echo '```text'
  tail -n 20 "$log"
  echo '```'
} >>"${GITHUB_STEP_SUMMARY:?}"
exit "$code"
