"""The predecessor's history from a folder, a tar archive and real git repositories."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import shutil
import subprocess
import tarfile
import tracemalloc
import zlib
from datetime import date
from pathlib import Path

import pytest

from generator.cli.commands import main
from generator.core.errors import ReadmeError
from generator.update.predecessor import expanded, history
from generator.update.predecessor.history import Skipped, latest_per_day, read_history
from generator.update.predecessor.readme import Snapshot
from tests.projects import make_project
from tests.readme_writer import Sample, write_readme

MORNING = write_readme([Sample(title="Morning")], updated="2026-02-05 04:00:00 UTC")
EVENING = write_readme([Sample(title="Evening")], updated="2026-02-05 20:00:00 UTC")
NEXT_DAY = write_readme([Sample(title="Next day")], updated="2026-02-06 04:00:00 UTC")
UNDATED = write_readme([Sample(title="Undated")], updated="{{LAST_UPDATED}}")
FOREIGN = "# A project\n\nNothing of the bot yet.\n"


def titles(path: Path) -> list[str]:
    """What was read, in order: the first title of a snapshot, or why it was skipped."""
    return [
        f"skipped: {item.why}" if isinstance(item, Skipped) else item.entries[0].announcement.title
        for item in read_history(path)
    ]


def fails(path: Path) -> ReadmeError:
    with pytest.raises(ReadmeError) as caught:
        list(read_history(path))
    return caught.value


# Folders


def test_a_folder_is_read_by_name_with_its_subfolders(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2026-02-06.md").write_text(NEXT_DAY, encoding="utf-8")
    (tmp_path / "a.MD").write_text(MORNING, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a README")
    (tmp_path / "._a.md").write_bytes(b"\x00\x05\x16\x07 a companion file of macOS")
    assert titles(tmp_path) == ["Morning", "Next day"]


def test_a_file_that_is_no_readme_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "2026-02-05.md").write_text(MORNING, encoding="utf-8")
    (tmp_path / "README.md").write_text(FOREIGN, encoding="utf-8")
    assert fails(tmp_path).item == f"{tmp_path / 'README.md'}, line 1"
    (tmp_path / "README.md").write_bytes(b"# UTF-16?\n\n\xff\xfe")
    assert fails(tmp_path).item == f"{tmp_path / 'README.md'}, line 3"


def test_unusable_paths(tmp_path: Path) -> None:
    assert "no file in it ends in .md" in str(fails(tmp_path))
    assert "No such file" in str(fails(tmp_path / "missing"))
    text = tmp_path / "a.txt"
    text.write_text("not a tar archive " * 99)
    assert "neither a folder nor a whole tar archive" in str(fails(text))


def test_whatever_the_system_refuses_is_unreadable_input(tmp_path, monkeypatch, capsys) -> None:
    repository = make_repository(tmp_path / "bot", [MORNING])
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").write_text("nobody may run me")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.chdir(make_project(tmp_path / "project"))
    for history_path, why in ((repository, "Permission denied"), ("x" * 300, "name too long")):
        assert main(["import", str(history_path)]) == 3
        said = capsys.readouterr().err
        assert "Cannot read the predecessor's history" in said
        assert why in said


def test_a_huge_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MAX_BYTES", len(MORNING.encode()) - 1)
    (tmp_path / "2026-02-05.md").write_text(MORNING, encoding="utf-8")
    assert "bytes" in fails(tmp_path).why
    assert "bytes" in fails(make_tar(tmp_path / "a.tar", {"a.md": MORNING})).why
    repository = make_repository(tmp_path / "repository", [MORNING])
    assert "bytes" in fails(repository).why


# Tar archives


def make_tar(path: Path, files: dict[str, str], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_is_read_by_name(tmp_path: Path, mode: str) -> None:
    files = {"x/2026-02-06.md": NEXT_DAY, "x/2026-02-05.md": MORNING, "x/._2026-02-05.md": "\x00"}
    assert titles(make_tar(tmp_path / "history", files, mode)) == ["Morning", "Next day"]


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz"])
def test_a_tar_broken_off_anywhere_is_never_read_in_part(tmp_path: Path, mode: str) -> None:
    whole = make_tar(tmp_path / "whole", {"a.md": MORNING, "b.md": NEXT_DAY}, mode).read_bytes()
    broken = tmp_path / "broken"
    refused = 0
    for length in {*range(0, len(whole), 97), *range(0, len(whole), tarfile.BLOCKSIZE)}:
        broken.write_bytes(whole[:length])
        try:
            assert titles(broken) == ["Morning", "Next day"]  # only a checksum or filling is lost
        except ReadmeError:
            refused += 1
    assert refused > 5


def test_a_tar_with_a_damaged_header_is_an_error(tmp_path: Path) -> None:
    path = make_tar(tmp_path / "a.tar", {"a.md": MORNING, "b.md": NEXT_DAY})
    content = bytearray(path.read_bytes())
    second = content.index(b"b.md")
    content[second : second + 4] = b"c.md"  # no longer what the header's checksum says
    path.write_bytes(content)
    assert "damaged" in str(fails(path))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.md", tarfile.SYMTYPE),
        ("a.md", tarfile.LNKTYPE),
        ("a.md", tarfile.FIFOTYPE),
        ("../a.md", tarfile.REGTYPE),
        ("/a.md", tarfile.REGTYPE),
    ],
)
def test_links_devices_and_outside_paths_in_a_tar_are_refused(tmp_path, name, kind) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "/etc/passwd"
    member.size = len(MORNING.encode()) if kind == tarfile.REGTYPE else 0
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.addfile(member, io.BytesIO(MORNING.encode()))
    assert fails(tmp_path / "a.tar").item == f"{name}, line 1"


@pytest.mark.parametrize("place", [slice(100, 108), slice(124, 136), slice(136, 148)])
@pytest.mark.parametrize(
    "number",
    [b"\x80" + b"\xff" * 11, b"\xff" * 12, b"\x80" + b"\0" * 7 + b"\x7f\xff\xff\xff"],
)
def test_any_number_may_stand_in_a_tar(tmp_path: Path, place: slice, number: bytes) -> None:
    """Sizes, times and modes may be of any length, below zero, or none; checksums are right."""
    data = bytearray(make_tar(tmp_path / "a.tar", {"2026-03-01.md": MORNING}).read_bytes())
    width = place.stop - place.start
    data[place] = number[:width].ljust(width, b"\0")
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    (tmp_path / "b.tar").write_bytes(data)
    try:
        assert titles(tmp_path / "b.tar") == ["Morning"]
    except ReadmeError as error:
        assert all((error.what, error.item, error.why, error.todo))


@pytest.mark.parametrize(
    "record",
    [
        *("size=x", "size=-5", "mtime=nan", "mtime=1e999", "size=" + "9" * 5000),
        *("GNU.sparse.map=1", "GNU.sparse.size=x", "GNU.sparse.major=1", "path=\0"),
    ],
)
def test_any_extension_may_stand_in_a_tar(tmp_path: Path, record: str) -> None:
    key, _, value = record.partition("=")
    info = tarfile.TarInfo("2026-03-01.md")
    info.size = len(MORNING.encode())
    info.pax_headers = {key: value}
    with tarfile.open(tmp_path / "a.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info, io.BytesIO(MORNING.encode()))
    try:
        assert titles(tmp_path / "a.tar") == ["Morning"]
    except ReadmeError as error:
        assert all((error.what, error.item, error.why, error.todo))


def test_every_exception_of_the_unpackers_is_known() -> None:
    raised = [
        kind
        for module in (tarfile, lzma, zlib, gzip, bz2)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ]
    assert {tarfile.TarError, lzma.LZMAError, zlib.error, gzip.BadGzipFile} <= set(raised)
    assert [kind for kind in raised if not issubclass(kind, history._UNREADABLE)] == []


# Git repositories


def git(repository: Path, *arguments: str, stdin: bytes = b"") -> str:
    done = subprocess.run(
        ["git", "-C", str(repository), *arguments], input=stdin, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def make_repository(path: Path, versions: list[str | None], *, bare: bool = True) -> Path:
    """A repository whose commits, a day apart from 2026-03-01 on, put these texts in README.md."""
    path.mkdir()
    git(path, "init", "--quiet", *(["--bare"] if bare else []))
    git(path, "symbolic-ref", "HEAD", "refs/heads/main")
    stream = b""
    for number, text in enumerate(versions):
        change = b"D README.md\n"
        if text is not None:
            content = text.encode()
            change = b"M 100644 inline README.md\ndata %d\n%s\n" % (len(content), content)
        change += b"M 100644 inline other.txt\ndata 4\n%04d\n" % number
        stream += (
            b"commit refs/heads/main\ncommitter A Sample <a@example.org> %d +0900\n"
            b"data 0\n%s\n" % (1772323200 + 86400 * number, change)
        )
    git(path, "fast-import", "--quiet", stdin=stream)
    return path


@pytest.mark.parametrize("bare", [True, False])
def test_a_repository_is_read_from_its_oldest_commit_on(tmp_path: Path, bare: bool) -> None:
    versions = [FOREIGN, MORNING, None, EVENING, EVENING, MORNING, NEXT_DAY]
    repository = make_repository(tmp_path / "bot", versions, bare=bare)
    before = sorted(repository.rglob("*"))
    assert titles(repository) == [
        "skipped: it has no statistics header: the bot did not write it",
        "Morning",
        "skipped: the commit removed the file",
        "Evening",
        "Next day",
    ]
    assert sorted(repository.rglob("*")) == before  # nothing is checked out


def test_an_undated_commit_counts_for_its_utc_day(tmp_path: Path) -> None:
    [snapshot] = read_history(make_repository(tmp_path / "bot", [UNDATED]))
    assert isinstance(snapshot, Snapshot)
    assert (snapshot.date, snapshot.updated) == (date(2026, 3, 1), None)


def test_a_broken_commit_of_the_bot_is_an_error_that_names_it(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "bot", [MORNING, MORNING[:-700], NEXT_DAY])
    commit = git(repository, "rev-parse", "main~1")
    assert fails(repository).item.startswith(f"README.md of commit {commit[:12]}, line ")


def test_commits_of_merged_branches_are_read(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "bot", [FOREIGN, NEXT_DAY])
    blob = git(repository, "hash-object", "-w", "--stdin", stdin=MORNING.encode())
    tree = git(repository, "mktree", stdin=f"100644 blob {blob}\tREADME.md\n".encode())
    identity = ("-c", "user.name=A Sample", "-c", "user.email=a@example.org")
    side = git(repository, *identity, "commit-tree", tree, "-p", "main~1", "-m", "side")
    merge = ("commit-tree", "main^{tree}", "-p", "main", "-p", side, "-m", "merge")
    git(repository, "update-ref", "refs/heads/main", git(repository, *identity, *merge))
    assert sorted(titles(repository)[1:]) == ["Morning", "Next day"]


def test_a_long_history_is_read_in_one_go(tmp_path: Path) -> None:
    versions = [
        write_readme([Sample(title=f"Commit {number}")], updated="2026-02-05 04:00:00 UTC")
        for number in range(500)
    ]
    repository = make_repository(tmp_path / "bot", list(versions))
    assert titles(repository) == [f"Commit {number}" for number in range(500)]


def test_only_the_given_repository_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outer = make_repository(tmp_path / "outer", [MORNING], bare=False)
    other = make_repository(tmp_path / "other", [NEXT_DAY])
    monkeypatch.setenv("GIT_DIR", str(other))
    assert titles(outer) == ["Morning"]
    (outer / "inner" / ".git").mkdir(parents=True)  # no repository, though it looks like one
    assert "git rev-parse failed" in str(fails(outer / "inner"))


def test_a_stranger_s_configuration_starts_no_program(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "--upload-pack=x", [MORNING])
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path / 'sprung'}\n")
    trap.chmod(0o755)
    for option in ("core.pager", "gpg.program", "core.fsmonitor", "diff.external", "core.editor"):
        git(repository, "config", option, str(trap))
    git(repository, "config", "log.showSignature", "true")
    assert titles(repository) == ["Morning"]
    assert not (tmp_path / "sprung").exists()


def test_repositories_without_a_whole_history_are_refused(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "bot", [MORNING, NEXT_DAY])
    git(tmp_path, "clone", "--quiet", "--depth=1", repository.as_uri(), "shallow")
    assert "shallow" in fails(tmp_path / "shallow").why
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "--quiet")
    assert "git rev-list failed" in fails(tmp_path / "empty").why
    without = make_repository(tmp_path / "without", [None])
    assert "no commit has a README.md" in fails(without).why


def test_a_lost_object_is_an_error(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "bot", [MORNING])
    git(repository, "config", "core.bigFileThreshold", "1")
    blob = git(repository, "rev-parse", "main:README.md")
    loose = repository / "objects" / blob[:2] / blob[2:]
    if not loose.exists():  # fast-import wrote a pack
        packs = [p.rename(tmp_path / p.name) for p in (repository / "objects/pack").glob("*.pack")]
        git(repository, "unpack-objects", "-q", stdin=packs[0].read_bytes())
        for index in (repository / "objects/pack").glob("*"):
            index.unlink()
    loose.unlink()
    assert "is missing from the repository" in fails(repository).why


def _git_that(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a git before the real one that runs this script where it is asked for files' contents."""
    real = shutil.which("git")
    folder.mkdir()
    fake = folder / "git"
    fake.write_text(f'#!/bin/sh\ncase "$*" in *cat-file*) {script};; esac\nexec {real} "$@"\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.mark.parametrize(
    ("script", "how"),
    [
        ("kill -9 $$", "was ended by signal 9"),
        ("read one; kill -9 $$", "was ended by signal 9"),
        ("read one; echo 0123 blob 500000; echo half; kill -9 $$", "was ended by signal 9"),
        ("read one; echo 0123 blo; exit 3", "is no file"),
        ("read one; printf 0123; exit 3", "ended with code 3"),
        ("exit 0", "ended with code 0"),
        ("exec true", "ended with code 0"),
    ],
)
def test_a_git_that_is_killed_is_an_error(tmp_path, monkeypatch, script: str, how: str) -> None:
    repository = make_repository(tmp_path / "bot", [MORNING, NEXT_DAY])
    _git_that(tmp_path / "bin", monkeypatch, script)
    assert how in fails(repository).why


def test_an_import_whose_git_is_killed_fails_and_says_so(tmp_path, monkeypatch, capsys) -> None:
    repository = make_repository(tmp_path / "bot", [MORNING, NEXT_DAY])
    _git_that(tmp_path / "bin", monkeypatch, "kill -9 $$")
    monkeypatch.chdir(make_project(tmp_path / "project"))
    assert main(["import", str(repository)]) == 3
    assert "git cat-file was ended by signal 9" in capsys.readouterr().err
    assert not list((tmp_path / "project" / "data").rglob("*.json"))


def test_git_may_reach_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older git knows nothing of GIT_NO_LAZY_FETCH: the protocols are closed, too."""
    repository = make_repository(tmp_path / "bot", [MORNING])
    _git_that(tmp_path / "bin", monkeypatch, f'env > "{tmp_path}/seen"')
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "https")
    assert titles(repository) == ["Morning"]
    seen = (tmp_path / "seen").read_text().splitlines()
    assert "GIT_ALLOW_PROTOCOL=none" in seen
    assert "GIT_NO_LAZY_FETCH=1" in seen


@pytest.mark.parametrize("time", ["99999999999999", "9223372036854775807", "253402300800"])
def test_any_time_may_stand_in_a_commit(tmp_path: Path, time: str) -> None:
    repository = make_repository(tmp_path / "bot", [MORNING, NEXT_DAY])
    _commit_at(repository, time)
    assert titles(repository)[-1] == "Evening"
    undated = make_repository(tmp_path / "undated", [UNDATED])
    _commit_at(undated, time, UNDATED + "\n")
    assert "says which day it is" in fails(undated).why


def _commit_at(repository: Path, time: str, text: str = EVENING) -> None:
    blob = git(repository, "hash-object", "-w", "--stdin", stdin=text.encode())
    tree = git(repository, "mktree", stdin=f"100644 blob {blob}\tREADME.md\n".encode())
    parent = git(repository, "rev-parse", "main")
    who = f"A <a@example.org> {time} +0000"
    commit = f"tree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\n\nlate\n"
    arguments = ("hash-object", "-t", "commit", "-w", "--stdin", "--literally")
    name = git(repository, *arguments, stdin=commit.encode())
    git(repository, "update-ref", "refs/heads/main", name)


def test_without_git_the_error_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = make_repository(tmp_path / "bot", [MORNING])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert fails(repository).todo == "Install git"


# Days


def snapshots(path: Path, *texts: str) -> list[Snapshot]:
    path.mkdir()
    for number, text in enumerate(texts):
        (path / f"2026-02-05_{number}.md").write_text(text, encoding="utf-8")
    return [item for item in read_history(path) if isinstance(item, Snapshot)]


def test_the_last_update_of_a_day_wins(tmp_path: Path) -> None:
    same_time = EVENING.replace("Evening", "Edited")
    found = snapshots(tmp_path / "a", NEXT_DAY, EVENING, same_time, MORNING, UNDATED)
    latest = latest_per_day(found)
    assert list(latest) == [date(2026, 2, 5), date(2026, 2, 6)]
    titles_by_day = [day.entries[0].announcement.title for day in latest.values()]
    assert titles_by_day == ["Edited", "Next day"]


def test_an_undated_snapshot_stands_where_there_is_no_other(tmp_path: Path) -> None:
    latest = latest_per_day(snapshots(tmp_path / "a", UNDATED))
    assert latest[date(2026, 2, 5)].entries[0].announcement.title == "Undated"


def test_the_environment_is_left_alone(tmp_path: Path) -> None:
    before = dict(os.environ)
    titles(make_repository(tmp_path / "bot", [MORNING]))
    assert dict(os.environ) == before


def bomb(path: Path, *, kind: bytes, name: str, size: int) -> Path:
    """Write a gzip of a tar whose first member is ``size`` zeros (bytes), and a README behind."""
    member = tarfile.TarInfo(name)
    member.size, member.type = size, kind
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(member.tobuf(tarfile.GNU_FORMAT))
        for _ in range(size // 1_000_000):
            file.write(bytes(1_000_000))
        file.write(bytes(tarfile.BLOCKSIZE * 2))
    return path


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (tarfile.REGTYPE, "zeros.bin"),
        (tarfile.XHDTYPE, "header"),  # tarfile takes these into memory
        (tarfile.GNUTYPE_LONGNAME, "././@LongLink"),
    ],
)
def test_a_tar_that_expands_without_end_is_refused_early(tmp_path, monkeypatch, kind, name) -> None:
    """The bounds are lower here, so that the test takes no gigabytes; the ratio is real."""
    monkeypatch.setattr(expanded, "_SMALL", 1_000_000)
    path = bomb(tmp_path / "a.tar.gz", kind=kind, name=name, size=64_000_000)
    limit = max(1_000_000, expanded.MAX_RATIO * path.stat().st_size)
    assert limit < 10_000_000
    tracemalloc.start()
    assert fails(path).why == f"it expands to more than {limit:,} bytes"
    assert tracemalloc.get_traced_memory()[1] < 32_000_000
    tracemalloc.stop()


def test_a_tar_of_very_many_members_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(history, "MAX_MEMBERS", 2)
    files = {"a.md": MORNING, "b.md": NEXT_DAY}
    assert titles(make_tar(tmp_path / "two.tar", files)) == ["Morning", "Next day"]
    three = make_tar(tmp_path / "three.tar", {**files, "c.txt": "no README"})
    assert fails(three).why == "it has more than 2 members"


def test_a_plain_tar_is_bounded_too(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(expanded, "MAX_EXPANDED", 20_000)
    path = make_tar(tmp_path / "a.tar", {"a.txt": "x" * 30_000, "b.md": MORNING})
    assert fails(path).why == "it expands to more than 20,000 bytes"
