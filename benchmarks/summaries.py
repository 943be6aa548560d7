"""How long thirty summaries take, by how many questions are asked at once.

    python -m benchmarks.summaries

A server on loopback answers each question after half a second; papers are read from it as HTML. The
stores that come out must be the same, byte for byte.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from generator.cli import session
from tests.llm_replies import Reply
from tests.llm_server import ModelServer
from tests.projects import contents
from tests.summaries import KEY, answer, paper, run_summaries, serve_html, summary_project

_PAPERS = 30
_ANSWER_SECONDS = 0.5


def main() -> None:
    """Run at concurrency 1, 4 and 16, then within a limit per minute; print a table."""
    os.environ["SAMPLE_KEY"] = KEY
    session.now = lambda: datetime(2026, 1, 5, 12, tzinfo=UTC)
    papers = [paper(n) for n in range(_PAPERS)]
    print("| concurrency | seconds | to one at a time | most at once | paid calls |")
    print("|---|---|---|---|---|")
    with ModelServer() as server, tempfile.TemporaryDirectory() as folder:
        server.answer = answer
        server.always("", Reply(delay=_ANSWER_SECONDS))
        serve_html(server, papers)
        first = 0.0
        stores = []
        for concurrency in (1, 4, 16):
            server.paid.clear()
            server.most_at_once = 0
            project = summary_project(
                Path(folder) / str(concurrency),
                server,
                papers,
                concurrency=concurrency,
                input="fulltext",
            )
            os.chdir(project)
            started = time.perf_counter()
            code = run_summaries()
            took = time.perf_counter() - started
            first = first or took
            stores.append(contents(project / "data"))
            print(
                f"| {concurrency} | {took:.1f} | {took / first:.2f} | {server.most_at_once} "
                f"| {sum(server.paid.values())} |"
            )
            if code:
                raise SystemExit(f"generator summarize ended with {code}")
        print(f"\nthe same store each time: {stores[0] == stores[1] == stores[2]}")


if __name__ == "__main__":
    main()
