"""The daily workflow, run step by step on this machine: what is published, kept and reported.

Its ``run:`` steps are executed as they stand in the file; see tests/workflow_runner.py.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from datetime import date, timedelta
from pathlib import Path

import html5lib
import pytest
import yaml
from markdown_it import MarkdownIt

from generator import __version__
from tests.checkout import check_out
from tests.constraints import locked
from tests.loopback import Answer, Loopback
from tests.projects import PROJECT, contents, make_project
from tests.rss import Item, feed
from tests.workflow_runner import Run, Runner, commands_in

WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
DAILY = PROJECT / ".github" / "workflows" / "daily.yml"
ADDRESS = "https://someone.github.io/daybook"
RELEASED = "2026-02-05T12:00:00Z"
MONDAY, TUESDAY, SATURDAY = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 10)


class Fork:
    """A repository that someone forked: a bare ``origin``, and runs of its daily workflow."""

    def __init__(self, folder: Path, arxiv: Loopback) -> None:
        self.arxiv, self.folder = arxiv, folder
        self.origin = folder / "origin.git"
        work = make_project(folder / "work", feeds=arxiv.url)
        shutil.copytree(PROJECT / ".github", work / ".github")
        for name in ("requirements.txt", ".gitignore"):
            shutil.copy(PROJECT / name, work)
        git(folder, "init", "-q", "--bare", "--initial-branch=main", str(self.origin))
        git(work, "init", "-q", "--initial-branch=main")
        git(work, "add", "--all")
        commit(work, "Fork")
        git(work, "remote", "add", "origin", str(self.origin))
        git(work, "push", "-q", "origin", "main")
        self.work = work
        self.runner = Runner(folder / "runs", self.origin, base_url=ADDRESS)

    def serve(self, day: date, *items: Item) -> None:
        for category in ("cs.LG", "cs.AI"):
            self.arxiv.on(f"/rss/{category}", Answer(200, feed(category, day, *items)))

    def daily(self, day: date | None = None, *, until: str | None = None, **inputs: str) -> Run:
        given = {**inputs, **({"date": day.isoformat()} if day else {})}
        return self.runner.run(DAILY, inputs=given, until=until)

    def log(self) -> list[str]:
        return git(self.origin, "log", "--format=%s", "main").splitlines()

    def files(self) -> list[str]:
        return git(self.origin, "ls-tree", "-r", "--name-only", "main", "data").splitlines()


@pytest.fixture
def fork(tmp_path: Path, arxiv: Loopback) -> Fork:
    return Fork(tmp_path, arxiv)


def git(folder: Path, *arguments: str, **environment: str) -> str:
    command = ["git", "-c", "user.name=Owner", "-c", "user.email=owner@example.org", *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )
    return done.stdout


def commit(folder: Path, message: str, **environment: str) -> None:
    git(folder, "commit", "-q", "--allow-empty", "-m", message, **environment)


def page(run: Run, path: str) -> str:
    assert run.deployed is not None, run.log()
    return (run.deployed / path / "index.html").read_text()


NO_MATCH = Item(id="2601.90009", title="No match", abstract="None.")


def morning(fork: Fork, day: date, *items: Item) -> Run:
    """Run a day whose feeds have these papers, and say "unchanged" to whoever asks again."""
    for category in ("cs.LG", "cs.AI"):
        answer = Answer(200, feed(category, day, *items), {"ETag": '"one"'})
        fork.arxiv.on(f"/rss/{category}", answer, Answer(304))
    return fork.daily(day)


def test_mornings_are_published_and_kept(fork: Fork) -> None:
    monday = morning(fork, MONDAY, Item(), NO_MATCH)  # without any key
    assert monday.green, monday.log()
    assert "an LLM that sleeps" in page(monday, "days/2026-01-05")
    assert "| 2026-01-05 | 1 | 4 | 4 | 2 | 0 | 2 fresh |" in monday.summary
    assert "| 2026-01-05 | cs.LG | fresh | 2 | 1 |" in monday.summary
    assert "1 papers new or different, 0 summaries new, 0 failed. Spent: 0 tokens" in monday.summary
    assert "2026-01-05: 1 papers listed, 2 files changed." in monday.summary
    assert "the site has" in monday.summary
    installed = [command for command in monday.commands if command.startswith("-m pip install")]
    assert len(installed) == 2
    assert all(command.endswith(" -r requirements.lock") for command in installed)

    tuesday = morning(fork, TUESDAY, Item(id="2601.90002", title="Another LLM"))
    assert tuesday.green, tuesday.log()
    assert fork.log() == ["Archive 2026-01-06", "Archive 2026-01-05", "Fork"]
    assert "Another LLM" in page(tuesday, "days/2026-01-06")
    assert "an LLM that sleeps" in page(tuesday, "papers/2601.90001")
    # The address is what Pages says, not what daybook.yml has.
    assert f'"canonical" href="{ADDRESS}/days/2026-01-06/"' in page(tuesday, "days/2026-01-06")
    feed_xml = ((tuesday.deployed or Path()) / "feed.xml").read_text()
    assert f"<link>{ADDRESS}/papers/2601.90002/</link>" in feed_xml

    # The same day again: what was downloaded comes back from the cache, and nothing is new.
    again = fork.daily(TUESDAY, until="update")
    assert again.green, again.log()
    assert fork.arxiv.requests[-1].headers["if-none-match"] == '"one"'
    assert "Nothing new to commit." in again.log()

    # A rebuild asks nobody, and finished parts of the search come back from the cache.
    asked = len(fork.arxiv.requests)
    clones: list[Path] = []
    fork.runner.after_checkout = lambda job, clone: clones.append(clone)
    rebuilt = fork.daily(rebuild="true")
    assert rebuilt.green, rebuilt.log()
    assert "Nothing new to commit." in rebuilt.log()
    assert "Another LLM" in page(rebuilt, "days/2026-01-06")
    assert len(fork.arxiv.requests) == asked
    parts = clones[1] / ".cache" / "search"
    made = {path: path.stat().st_mtime for path in parts.glob("2*/terms/*")}
    assert made
    assert all(time < (clones[1] / "mkdocs.yml").stat().st_mtime for time in made.values())


def test_a_weekend_is_published_and_green(fork: Fork) -> None:
    fork.serve(SATURDAY)
    # A digest outside the archive is kept too.
    fork.runner.after_checkout = lambda job, clone: (
        (clone / "TODAY.md").write_text("A list.\n") if job == "update" else None
    )
    run = fork.daily(SATURDAY)
    assert run.green, run.log()
    assert fork.files() == ["data/days/2026/2026-01-10.json"]
    assert "Saturday" in page(run, "days/2026-01-10")
    assert git(fork.origin, "show", "main:TODAY.md") == "A list.\n"


def test_what_feeds_do_not_give_is_red_published_and_healed(fork: Fork) -> None:
    failed = {"update": "failure", "build": "success", "deploy": "success"}
    first = fork.daily(MONDAY)  # a new fork, and no feed can be read
    assert first.results == failed
    assert first.deployed
    assert fork.files() == []

    fork.serve(MONDAY, Item())
    fork.arxiv.on("/rss/cs.AI", Answer(404))
    incomplete = fork.daily(MONDAY)
    assert incomplete.results == failed
    assert fork.log() == ["Archive 2026-01-05", "Fork"]
    assert "an LLM that sleeps" in page(incomplete, "days/2026-01-05")
    assert "2026-01-05 is incomplete" in incomplete.summary

    healed = morning(fork, MONDAY, Item(), Item(id="2601.90005", title="The late LLM"))
    assert healed.green, healed.log()
    assert "The late LLM" in page(healed, "days/2026-01-05")

    before = fork.log()
    for category in ("cs.LG", "cs.AI"):
        fork.arxiv.on(f"/rss/{category}", Answer(404))
    run = fork.daily(TUESDAY)
    assert run.results == failed
    assert run.outcome("update", "Update") == "failure"
    assert run.outcome("update", "Commit") == "success"
    assert "an LLM that sleeps" in page(run, "days/2026-01-05")
    assert fork.log() == before
    assert "No feed could be read" in run.summary


def job_summary(folder: Path) -> str:
    """Return what the job's summary says of a repository."""
    summary = folder / "summary.md"
    subprocess.run(
        [sys.executable, str(PROJECT / ".github" / "scripts" / "job_summary.py")],
        cwd=folder,
        check=True,
        env={"PATH": os.environ["PATH"], "RUNNER_TEMP": ".", "GITHUB_STEP_SUMMARY": str(summary)},
    )
    return summary.read_text()


def test_the_summary_counts_what_was_spent(tmp_path: Path) -> None:
    paper = tmp_path / "data" / "papers" / "2601" / "2601.90001.json"
    paper.parent.mkdir(parents=True)
    old = {"prompt": 1000, "completion": 100, "cost": 0.25}
    new = {"prompt": 2000, "completion": 300, "cost": 0.5}
    paper.write_text(json.dumps({"summaries": [{"usage": old}], "failures": []}))
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "data")
    commit(tmp_path, "Before")
    paper.write_text(
        json.dumps({"summaries": [{"usage": old}, {"usage": new}], "failures": [{"usage": None}]})
    )
    (tmp_path / "update.log").write_text("A title with ``` in it | and more\n")
    said = job_summary(tmp_path)
    assert "1 papers new or different, 1 summaries new, 1 failed" in said
    assert "Spent: 2,300 tokens, 0.5000 at the configured prices" in said
    assert said.endswith("\n``````text\nA title with ``` in it | and more\n``````\n")


HOSTILE = (
    "::set-env name=PATH::/tmp\n  ::add-mask::e\n##[set-env name=PATH]/tmp\nx ##[add-path]/tmp\n"
    "daybook: The site has ##[add-path]/tmp\n"
    "```\n<img src=https://example.org/x>\n![x](https://example.org/x)\n````\n<b>\n"
)


@pytest.mark.parametrize(
    ("script", "own"),
    [
        ("update.sh", []),
        ("build.sh", ["::warning::The site has 95% of the 1 GB: see docs/hosting.md, When it is"]),
        ("commit.sh", []),
    ],
)
def test_what_a_command_says_gives_no_orders(script: str, own: list[str], tmp_path: Path) -> None:
    """Neither GitHub's log obeys it, nor does the job summary take it for Markdown."""
    says = HOSTILE + "daybook: The site has 95% of the 1 GB: see docs/hosting.md, When it is\n"
    shutil.copytree(PROJECT / ".github", tmp_path / ".github")
    (tmp_path / "says").write_text(says)
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(
        f'#!/bin/bash\n[ "$1" = -m ] || exec "{sys.executable}" "$@"\ncat says\nexit 5\n'
    )
    python.chmod(0o755)
    summary = tmp_path / "summary.md"
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        [f".github/scripts/{script}"],
        cwd=tmp_path,
        env={"PATH": path, "RUNNER_TEMP": ".", "GITHUB_STEP_SUMMARY": str(summary), "BRANCH": "b"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 5
    assert says in ended.stdout
    assert commands_in(ended.stdout) == own
    if script == "build.sh":
        tokens = MarkdownIt("commonmark", {"html": True}).parse(summary.read_text())
        assert [token.type for token in tokens][3:] == ["fence"]
        assert tokens[-1].content == says


def test_a_name_in_the_summarys_tables_is_only_a_name(tmp_path: Path) -> None:
    name = "x`|![i](https://example.org/x) <img src=x> ::add-mask:: \\| **b**"
    run = {"state": name, "fetched": 1, "new": 1, "kept": 1, "repeats": 0}
    day = tmp_path / "data" / "days" / "2026" / "2026-01-05.json"
    day.parent.mkdir(parents=True)
    day.write_text(
        json.dumps({"date": "2026-01-05", "rows": [], "run": {"categories": {name: run}}})
    )
    git(tmp_path, "init", "-q")
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    shown = html5lib.parse(markdown.render(job_summary(tmp_path)), namespaceHTMLElements=False)
    cells = ["".join(cell.itertext()) for cell in shown.iter("td")]
    assert cells[-5:] == ["2026-01-05", name, name, "1", "1"]
    assert not list(shown.iter("img"))


def test_someone_who_pushes_first_keeps_their_commit(fork: Fork) -> None:
    fork.serve(MONDAY, Item())
    commit(fork.work, "Someone else's change")

    def race(job: str, clone: Path) -> None:
        # Git runs this hook when it knows what origin has, and before it sends anything.
        if job == "update":
            hook = clone / ".git" / "hooks" / "pre-push"
            hook.write_text(f'#!/bin/bash\ncd "{fork.work}" && git push -q origin main\n')
            hook.chmod(0o755)

    fork.runner.after_checkout = race
    run = fork.daily(MONDAY, until="update")
    assert run.green, run.log()
    assert "rejected" in run.log()
    assert fork.log() == ["Archive 2026-01-05", "Someone else's change", "Fork"]


def test_two_who_change_the_same_day_end_red_and_the_next_run_heals(fork: Fork) -> None:
    fork.serve(MONDAY, Item())
    other = fork.work / "data" / "days" / "2026" / "2026-01-05.json"
    other.parent.mkdir(parents=True)
    other.write_text("{}")
    git(fork.work, "add", "data")
    commit(fork.work, "The same day by hand")

    def race(job: str, clone: Path) -> None:
        if job == "update":
            git(fork.work, "push", "-q", "origin", "main")

    fork.runner.after_checkout = race
    run = fork.daily(MONDAY, until="update")
    assert run.outcome("update", "Commit") == "failure"
    assert "::error::Someone else changed the same files" in run.log()
    assert fork.log() == ["The same day by hand", "Fork"]


def test_a_broken_configuration_publishes_nothing(fork: Fork) -> None:
    (fork.work / "daybook.yml").write_text("site: {}\n")
    git(fork.work, "commit", "-q", "-a", "-m", "Break it")
    git(fork.work, "push", "-q", "origin", "main")
    run = fork.daily(MONDAY)
    assert run.results == {"update": "failure", "build": "failure", "deploy": "skipped"}
    assert run.deployed is None
    assert "sources.categories" in run.summary


def test_a_damaged_archive_is_never_pushed(fork: Fork) -> None:
    fork.serve(MONDAY, Item())

    def damage(job: str, clone: Path) -> None:
        broken = clone / "data" / "papers" / "2601" / "2601.90008.json"
        broken.parent.mkdir(parents=True, exist_ok=True)
        broken.write_text("{")

    fork.runner.after_checkout = lambda job, clone: damage(job, clone) if job == "update" else None
    run = fork.daily(MONDAY, until="update")
    assert run.outcome("update", "Commit") == "failure"
    assert fork.log() == ["Fork"]


def test_old_downloads_are_forgotten(tmp_path: Path) -> None:
    old, new = tmp_path / "papers" / "old", tmp_path / "papers" / "new"
    old.parent.mkdir()
    for path in (old, new):
        path.write_text("PDF")
    long_ago = new.stat().st_mtime - timedelta(days=16).total_seconds()
    os.utime(old, (long_ago, long_ago))
    script = PROJECT / ".github" / "scripts" / "prune.sh"
    subprocess.run([str(script), ".", "more"], cwd=tmp_path, check=True)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["more", "new", "papers"]


@pytest.mark.parametrize(("age", "kept_alive"), [(30, False), (45, True)])
def test_a_long_silence_is_broken_so_that_the_schedule_goes_on(
    fork: Fork, age: int, kept_alive: bool
) -> None:
    then = subprocess.run(
        ["date", "-u", "-d", f"{age} days ago", "+%Y-%m-%dT%H:%M:%SZ"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    commit(fork.work, "Long ago", GIT_COMMITTER_DATE=then, GIT_AUTHOR_DATE=then)
    git(fork.work, "push", "-q", "origin", "main")
    run = fork.daily(rebuild="true", until="update")
    assert run.green, run.log()
    alive = ["Keep the schedule alive: nothing new for 40 days"] if kept_alive else []
    assert fork.log() == [*alive, "Long ago", "Fork"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "update"),
        ({"DATE": "2026-02-05"}, "update --date 2026-02-05"),
        (
            {"FROM": "2026-01-01", "TO": "2026-01-31"},
            "backfill --from 2026-01-01 --to 2026-01-31",
        ),
        ({"FROM": "2026-01-01"}, "backfill --from 2026-01-01 --to 2026-01-01"),
        ({"REBUILD": "true", "DATE": "2026-02-05"}, None),
        ({"REBUILD": "false", "DATE": ""}, "update"),
    ],
)
def test_what_the_inputs_ask_for(
    tmp_path: Path, given: dict[str, str], expected: str | None
) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/bash\necho "called $*"\nexit 5\n')
    python.chmod(0o755)
    done = subprocess.run(
        [str(PROJECT / ".github" / "scripts" / "update.sh")],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "RUNNER_TEMP": str(tmp_path), **given},
        capture_output=True,
        text=True,
        check=False,
    )
    log = (tmp_path / "update.log").read_text()
    if expected is None:
        assert (done.returncode, "called" in done.stdout) == (0, False)
    else:
        # The generator's exit code is the step's.
        assert (done.returncode, log) == (5, f"called -m generator {expected}\n")
    # What the log has before and behind it is for GitHub.
    assert log.splitlines() == done.stdout.splitlines()[1:-1]


# --- The files themselves ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"]
)
def test_the_files_are_valid(schema: str) -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    subprocess.run([program, "--builtin-schema", schema, *map(str, WORKFLOWS)], check=True)


def test_an_auditor_of_workflows_finds_nothing() -> None:
    program = Path(sys.executable).with_name("zizmor")
    subprocess.run([program, "--offline", "--quiet", str(PROJECT / ".github")], check=True)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_commit_with_its_version(path: Path) -> None:
    uses = re.findall(r"uses: (.*)", path.read_text())
    assert uses
    for action in uses:
        assert re.fullmatch(r"actions/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_a_release_is_the_tags_source_and_what_it_needs(tmp_path: Path) -> None:
    """Made twice, in different places and at different times, it is the same bytes."""
    made = []
    for name in ("first", "second"):
        clone = check_out(tmp_path / name)
        git(clone, "init", "-q")
        git(clone, "add", "--all")
        commit(clone, "Release", GIT_AUTHOR_DATE=RELEASED, GIT_COMMITTER_DATE=RELEASED)
        git(clone, "tag", f"v{__version__}")
        (clone / "untracked").write_text("x")
        release = [".github/scripts/release.sh"]
        wrong = {**os.environ, "TAG": "v0"}
        assert subprocess.run(release, cwd=clone, env=wrong, check=False).returncode == 1
        environment = {**os.environ, "TAG": f"v{__version__}", "TZ": name}
        subprocess.run(release, cwd=clone, env=environment, check=True)
        subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=clone / "dist", check=True)
        made.append(contents(clone / "dist"))
    assert made[0] == made[1]
    source, bill = f"daybook-{__version__}.tar.gz", "daybook.cdx.json"
    assert made[0].keys() == {source, bill, "SHA256SUMS"}
    with tarfile.open(tmp_path / "first" / "dist" / source) as archive:
        names = archive.getnames()
    assert f"daybook-{__version__}/generator/__main__.py" in names
    assert not any("untracked" in name for name in names)
    document = json.loads(made[0][bill])
    assert document["bomFormat"] == "CycloneDX"
    lock = locked(PROJECT / "requirements.lock")
    assert {(c["name"], c["version"]) for c in document["components"]} == {
        (name, version) for name, (version, _) in lock.items()
    }
    references = [c["bom-ref"] for c in document["components"]]
    assert references == [c["purl"] for c in document["components"]]
    assert document["dependencies"][0]["dependsOn"] == references
    assert len(set(references)) == len(references)


def test_only_the_job_that_pushes_may_write_and_only_its_update_sees_the_key() -> None:
    daily = yaml.load(DAILY.read_text(), Loader=yaml.BaseLoader)
    assert daily["permissions"] == {}
    assert {name: job["permissions"] for name, job in daily["jobs"].items()} == {
        "update": {"contents": "write"},
        "build": {"contents": "read", "pages": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    holders = [
        step["name"]
        for job in daily["jobs"].values()
        for step in job["steps"]
        if "secrets." in str(step)
    ]
    assert holders == ["Update"]
    assert daily["concurrency"] == {"group": "pages", "cancel-in-progress": "false"}


def test_the_schedule_is_of_announcement_days_after_midnight_in_the_east() -> None:
    daily = yaml.load(DAILY.read_text(), Loader=yaml.BaseLoader)
    for entry in daily["on"]["schedule"]:
        minute, hour, *days = entry["cron"].split()
        assert days == ["*", "*", "1-5"]
        assert 5 <= int(minute) <= 55
        assert 6 <= int(hour) < 24  # midnight in the east is 05:00 UTC in winter


def test_the_scripts_can_be_executed() -> None:
    for script in (PROJECT / ".github" / "scripts").glob("*.sh"):
        assert os.access(script, os.X_OK), script
