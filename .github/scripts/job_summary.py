"""Write what the update did into the job summary: counts, the feeds' state, spend, the log's end.

Reads files only: what differs in data/ from the last commit, and update.log. To be run before the
commit. With the argument ``site`` it writes the end of build.log, and nothing else.

What comes from outside passes ``_cell`` or ``_fenced``: GitHub renders the summary as Markdown.
"""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_LOG_LINES = 40
_LOG_CHARACTERS = 50_000  # GitHub takes 1 MiB of a step
_DAYS_IN_DETAIL = 5


def main() -> None:
    """Append to the file that GitHub names."""
    lines = ["## Site", *_fenced("build.log")] if sys.argv[1:] == ["site"] else _archive()
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def _archive() -> list[str]:
    days, papers = [], []
    for path in _changed():
        (days if path.parts[1] == "days" else papers).append(path)
    return [
        "## Archive",
        "",
        *_days([json.loads(path.read_bytes()) for path in days]),
        *_spend([(_before(path), json.loads(path.read_bytes())) for path in papers]),
        *_fenced("update.log"),
    ]


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *arguments], capture_output=True, check=False)


def _changed() -> Iterator[Path]:
    """The days and papers that are new or different, sorted."""
    status = _git("status", "--porcelain", "-z", "--untracked-files=all", "--", "data")
    for entry in sorted(status.stdout.decode().split("\0")):
        path = Path(entry[3:])
        if path.suffix == ".json" and path.parts[1] in ("days", "papers") and path.exists():
            yield path


def _before(path: Path) -> dict[str, Any]:
    committed = _git("show", f"HEAD:{path.as_posix()}")
    found: dict[str, Any] = json.loads(committed.stdout) if committed.returncode == 0 else {}
    return found


def _days(days: list[dict[str, Any]]) -> Iterator[str]:
    if not days:
        yield "No day is new or different."
        return
    yield "| day | listed | fetched | new | kept | repeats | feeds |"
    yield "|---|---|---|---|---|---|---|"
    for day in days:
        runs = day["run"]["categories"].values()
        sums = [sum(run[name] for run in runs) for name in ("fetched", "new", "kept", "repeats")]
        states = Counter(run["state"] for run in runs)
        shown = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        cells = [_date(day), len(day["rows"]), *sums, shown]
        yield f"| {' | '.join(map(_cell, cells))} |"
    if len(days) <= _DAYS_IN_DETAIL:
        yield from ("", "| day | category | feed | fetched | kept |", "|---|---|---|---|---|")
        for day in days:
            for category, run in day["run"]["categories"].items():
                cells = [_date(day), category, run["state"], run["fetched"], run["kept"]]
                yield f"| {' | '.join(map(_cell, cells))} |"


def _date(day: dict[str, Any]) -> str:
    return str(day["date"])


def _spend(papers: list[tuple[dict[str, Any], dict[str, Any]]]) -> Iterator[str]:
    summaries = sum(_count(new, "summaries") - _count(old, "summaries") for old, new in papers)
    failures = sum(max(0, _count(new, "failures") - _count(old, "failures")) for old, new in papers)
    tokens = sum(_tokens(new) - _tokens(old) for old, new in papers)
    cost = sum(_cost(new) - _cost(old) for old, new in papers)
    yield ""
    yield (
        f"{len(papers)} papers new or different, {summaries} summaries new, {failures} failed. "
        f"Spent: {max(0, tokens):,} tokens, {max(0.0, cost):.4f} at the configured prices."
    )


def _count(paper: dict[str, Any], kind: str) -> int:
    return len(paper.get(kind, []))


def _usages(paper: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for made in (*paper.get("summaries", []), *paper.get("failures", [])):
        yield made.get("usage") or {}


def _tokens(paper: dict[str, Any]) -> int:
    return sum((u.get("prompt") or 0) + (u.get("completion") or 0) for u in _usages(paper))


def _cost(paper: dict[str, Any]) -> float:
    return sum(float(usage.get("cost") or 0) for usage in _usages(paper))


def _cell(value: object) -> str:
    """Return a value for a table, where no Markdown or HTML in it means anything."""
    text = html.escape(" ".join(str(value).split()))
    return re.sub(r"[\\`*_\[\]|~:@]", lambda found: f"&#{ord(found[0])};", text)


def _fenced(name: str) -> Iterator[str]:
    """A log's end as it is, "" where there is no log: nothing in it can close the fence."""
    log = Path(os.environ["RUNNER_TEMP"], name)
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    end = "\n".join(text.splitlines()[-_LOG_LINES:])[-_LOG_CHARACTERS:]
    fence = "`" * (3 + max((len(run) for run in re.findall("`+", end)), default=0))
    yield from ("", f"{fence}text", end, fence)


if __name__ == "__main__":
    main()
