"""Access to the real corpus and samples that lie beside the project on some machines."""

from __future__ import annotations

import functools
import tarfile
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
CORPUS = SHARED / "corpus" / "readme_history_2025-12_2026-05.tar.xz"

needs_shared = pytest.mark.skipif(
    not CORPUS.is_file(),
    reason="the real corpus (../shared) is not on this machine; the other tests cover the formats",
)

FULLTEXT = SHARED / "fulltext"
needs_papers = pytest.mark.skipif(
    not FULLTEXT.is_dir(),
    reason="the real papers (../shared/fulltext) are not on this machine: their licences do not "
    "let them be copied here; the other tests cover what they are like",
)


@functools.cache
def corpus_files() -> dict[str, bytes]:
    """The 127 real daily READMEs: ``{"2025-12-01.md": bytes, ...}``, sorted by name."""
    with tarfile.open(CORPUS) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        found = {Path(m.name).name: archive.extractfile(m) for m in members}
        return {name: found[name].read() for name in sorted(found) if found[name] is not None}
