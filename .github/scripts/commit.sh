#!/usr/bin/env bash
# Commit what the update changed and push it to BRANCH. Whoever pushed in the meantime goes first.
# Where nothing was committed for long, an empty commit keeps GitHub from stopping the schedule.
set -euo pipefail
source "$(dirname "$0")/commands.sh"

branch="${BRANCH:?}"
quiet_days=40 # GitHub stops schedules after 60 days without activity
attempts=5

# An update that was killed may have left half a transaction: finish it, and prove the archive whole.
code=0
stop_commands
python -m generator check || code=$?
resume_commands
((code == 0)) || exit "$code"

git config user.name "github-actions[bot]"
git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
git add --all # the checkout was clean: data/, and the digest file where daybook.yml names one

if ! git diff --cached --quiet; then
  days=$(git diff --cached --name-only -- data/days | sed -n 's|.*/\(.*\)\.json|\1|p')
  case $(wc -w <<<"$days") in
    0) message="Update the archive" ;;
    1) message="Archive $days" ;;
    *) message="Archive $(wc -w <<<"$days") days" ;;
  esac
  git commit --quiet --message "$message"
elif (($(date +%s) - $(git log -1 --format=%ct) > quiet_days * 24 * 3600)); then
  git commit --quiet --allow-empty --message "Keep the schedule alive: nothing new for $quiet_days days"
else
  echo "Nothing new to commit."
  exit
fi

for ((attempt = 1; attempt <= attempts; attempt++)); do
  if git push --quiet origin "HEAD:refs/heads/$branch"; then
    git log -1 --format='Pushed: %s'
    exit
  fi
  sleep "$(((attempt - 1) * ${PUSH_DELAY:-5}))"
  git fetch --quiet origin "$branch"
  if ! git rebase --quiet FETCH_HEAD; then
    git rebase --abort
    echo "::error::Someone else changed the same files. The next run adds what is missing."
    exit 1
  fi
done
echo "::error::Could not push after $attempts attempts. The next run adds what is missing."
exit 1
