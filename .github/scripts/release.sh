#!/usr/bin/env bash
# Make what a release hands out, in dist/: the source of the tag TAG, its bill of materials, and the hashes
# of both. The same tag gives the same bytes. Nothing is installed for it.
set -euo pipefail

version=$(sed -n 's/^__version__ = "\([0-9.]*\)"$/\1/p' generator/__init__.py)
if [[ ${TAG:?} != "v$version" ]]; then
  echo "::error::The tag is not v$version, which is the version in generator/__init__.py."
  exit 1
fi
mkdir dist
git archive --format=tar --prefix="daybook-$version/" "refs/tags/$TAG" | gzip -9n >"dist/daybook-$version.tar.gz"
python .github/scripts/bill_of_materials.py "$version" >dist/daybook.cdx.json
(cd dist && sha256sum -- * >SHA256SUMS)
