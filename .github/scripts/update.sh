#!/usr/bin/env bash
# The workflow's update: one day, a range of past days, or nothing but a rebuild.
# In: DATE, FROM, TO, REBUILD (each may be empty). The exit code is the generator's own.
set -euo pipefail
source "$(dirname "$0")/commands.sh"
stop_commands
trap resume_commands EXIT

log="${RUNNER_TEMP:?}/update.log" # the job summary shows its end
: >"$log"

if [[ ${REBUILD:-} == true ]]; then
  echo "Rebuild only: nothing is fetched." | tee "$log"
elif [[ -n ${FROM:-}${TO:-} ]]; then
  python -m generator backfill --from "${FROM:-$TO}" --to "${TO:-$FROM}" 2>&1 | tee "$log"
elif [[ -n ${DATE:-} ]]; then
  python -m generator update --date "$DATE" 2>&1 | tee "$log"
else
  python -m generator update 2>&1 | tee "$log"
fi
