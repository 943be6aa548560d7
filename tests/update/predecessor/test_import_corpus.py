"""The real history against an independent count, made without the parser's grammar."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.update.predecessor.history import latest_per_day, read_history
from generator.update.predecessor.readme import Snapshot, parse_readme
from tests.growth import assert_linear
from tests.shared import CORPUS, corpus_files, needs_shared

pytestmark = needs_shared


@dataclass(frozen=True)
class Counted:
    """What a look at single lines of a README tells, row by row."""

    ids: list[str]
    scores: list[str]
    types: list[str]
    published: list[str]
    categories: list[str]
    titles: list[str]
    authors: list[int]
    summaries: dict[str, tuple[str, bytes]]


def count(raw: bytes) -> Counted:
    lines = raw.split(b"\n")

    def values(name: str) -> list[str]:
        mark = f"**{name}**: ".encode()
        return [line[len(mark) :].strip().decode() for line in lines if line.startswith(mark)]

    ids = values("ArXiv ID")
    titles = [
        line.decode().split("[", 1)[1].rsplit("](", 1)[0]
        for line in lines
        if line.startswith(b"### ") and b"](https://arxiv.org/abs/" in line
    ]
    return Counted(
        ids=ids,
        scores=values("Score"),
        types=values("Type"),
        published=values("Published"),
        categories=values("Category"),
        titles=titles,
        authors=[_count_names(names) for names in values("Authors")],
        summaries=_summaries(raw, ids),
    )


def _count_names(names: str) -> int:
    """Commas outside of brackets part names; a lone colon ("A Team,  :, Someone") is no name."""
    depth, pieces = 0, [""]
    for character in names:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += character
    return sum(any(character.isalnum() for character in piece) for piece in pieces)


def _summaries(raw: bytes, ids: list[str]) -> dict[str, tuple[str, bytes]]:
    """Cut the file at its ids; in each piece, what stands behind the mark up to the last rule."""
    found = {}
    for number, identifier in enumerate(ids):
        piece = raw.split(b"**ArXiv ID**: " + identifier.encode())[1]
        end = b"\n\n---\n\n### %d. [" % (number + 2) if number + 1 < len(ids) else b"\n\n---\n\n## "
        piece = piece[: piece.rindex(end)]
        mark, _, rest = piece.partition(b"AI Summary (by ")[2].partition(b")")
        if not mark:
            continue
        body = rest.partition(b"\n")[2]
        body = body[: body.rindex(b"</details>")] if rest.startswith(b"</strong>") else body
        found[identifier] = (mark.decode(), body.strip(b"\n"))
    return found


@pytest.fixture(scope="module")
def snapshots() -> dict[str, Snapshot]:
    """What is read from the archive, by file name."""
    found = [item for item in read_history(CORPUS) if isinstance(item, Snapshot)]
    return {Path(snapshot.name).name: snapshot for snapshot in found}


def test_every_day_equals_an_independent_count(snapshots: dict[str, Snapshot]) -> None:
    assert list(snapshots) == list(corpus_files())
    assert len(latest_per_day(snapshots.values())) == 127
    for name, raw in corpus_files().items():
        counted, entries = count(raw), snapshots[name].entries
        announcements = [entry.announcement for entry in entries]
        stated = raw.split(b"**Total Papers Found**: ")[1].split(b"\n")[0]
        assert len(entries) == int(stated), name
        assert [str(a.id) for a in announcements] == counted.ids, name
        assert [f"{entry.score:.1f}" for entry in entries] == counted.scores, name
        assert [a.type.value for a in announcements] == counted.types, name
        assert [str(a.date) for a in announcements] == counted.published, name
        assert [a.categories for a in announcements] == [(c,) for c in counted.categories], name
        assert [a.raw_title for a in announcements] == counted.titles, name
        assert [len(a.authors) for a in announcements] == counted.authors, name
        assert {
            str(entry.announcement.id): (entry.summary.model, entry.summary.body.encode())
            for entry in entries
            if entry.summary
        } == counted.summaries, name
        assert str(snapshots[name].date) == name.removesuffix(".md")
        assert len(snapshots[name].keywords) == 30, name


def test_the_whole_corpus(snapshots: dict[str, Snapshot]) -> None:
    entries = [entry for snapshot in snapshots.values() for entry in snapshot.entries]
    summaries = [entry.summary for entry in entries if entry.summary]
    assert len(entries) == 3807
    assert sum(raw.count(b"AI Summary (by ") for raw in corpus_files().values()) == len(summaries)
    assert len(summaries) == 1716
    assert {(summary.language, summary.damaged) for summary in summaries} == {("zh", False)}
    whole = [entry for entry in entries if not entry.announcement.abstract_is_excerpt]
    assert len(whole) == 2
    for entry in entries:
        announcement = entry.announcement
        assert announcement.title
        assert announcement.abstract
        assert "..." not in announcement.abstract[-3:]
        assert len(announcement.raw_abstract) <= 300


def test_a_misread_copy_gives_the_same_rows(snapshots: dict[str, Snapshot]) -> None:
    for name, raw in list(corpus_files().items())[::16]:
        misread = raw.decode("cp1254", errors="ignore")
        repaired = parse_readme(misread, name=name)
        assert repaired.date == snapshots[name].date
        for mended, good in zip(repaired.entries, snapshots[name].entries, strict=True):
            assert mended.announcement.id == good.announcement.id
            assert mended.announcement.type == good.announcement.type
            assert mended.score == good.score
            assert len(mended.announcement.raw_title) == len(good.announcement.raw_title)
            assert (mended.summary is None) == (good.summary is None)
            if mended.summary and good.summary:
                assert mended.summary.language == "zh"
                pairs = list(zip(mended.summary.body, good.summary.body, strict=True))
                assert all(a in (b, "\ufffd") for a, b in pairs)
                assert mended.summary.damaged == any(a != b for a, b in pairs)


def test_reading_it_takes_linear_time() -> None:
    """The longest file comes first, so that four times the files are no more work."""
    files = sorted(corpus_files().items(), key=lambda item: -len(item[1]))[:16]
    texts = [(name, raw.decode("utf-8")) for name, raw in files]

    def read(count: int) -> None:
        for name, text in texts[:count]:
            parse_readme(text, name=name)

    assert_linear(read, len(texts))
