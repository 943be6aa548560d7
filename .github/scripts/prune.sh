#!/usr/bin/env bash
# Delete downloads of more than two weeks ago, so that what is kept between runs does not grow.
set -euo pipefail

for folder in "$@"; do
  mkdir -p "$folder" # what is kept has to be there
  find "$folder" -type f -mtime +14 -delete
done
