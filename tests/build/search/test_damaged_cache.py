"""Whatever is in ``.cache/search``, a site has the same bytes, and nothing outside is touched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from generator.build.archive.archive import Archive
from generator.build.search.index import publish, update_index
from generator.build.search.sealed import sealed
from generator.build.site.engine import LUNR_JS
from generator.core.errors import BuildError
from generator.core.progress import silent
from tests.builders import make_archive, make_paper, make_row
from tests.projects import contents


def archive() -> Archive:
    """Two papers of two months, each a part of the index."""
    days = {date(2026, 2, 5): "2602.00001", date(2026, 5, 5): "2605.00001"}
    papers = [make_paper(name, day=day, abstract="An example.") for day, name in days.items()]
    return make_archive({day: [make_row(name)] for day, name in days.items()}, papers)


def published(cache: Path, site: Path) -> dict[str, bytes]:
    """The files of a site's search, made with a cache."""
    parts = update_index(archive(), cache, silent)
    site.mkdir()
    publish(cache, parts, {}, site, LUNR_JS)
    return contents(site)


def flip(path: Path, outside: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def truncate(path: Path, outside: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path, outside: Path) -> None:
    path.write_bytes(b"")


def lengthen(path: Path, outside: Path) -> None:
    with path.open("ab") as file:
        file.write(b" ")


def remove(path: Path, outside: Path) -> None:
    path.unlink()


def make_folder(path: Path, outside: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "inside").write_text("x")


def link(path: Path, outside: Path) -> None:
    shutil.move(path, outside / "file")  # the same bytes, but not here
    path.symlink_to(outside / "file")


def dangle(path: Path, outside: Path) -> None:
    path.unlink()
    path.symlink_to(outside / "nothing")


def make_pipe(path: Path, outside: Path) -> None:
    path.unlink()
    os.mkfifo(path)  # who opens it waits for ever


def grow(path: Path, outside: Path) -> None:
    os.truncate(path, 100_000_000_000)  # takes no space on the disk


def add_beside(path: Path, outside: Path) -> None:
    (path.parent / "stray").write_text("x")


def add_folder_beside(path: Path, outside: Path) -> None:
    (path.parent / "stray").mkdir()


def add_link_beside(path: Path, outside: Path) -> None:
    (path.parent / "stray").symlink_to(outside)


Damage = Callable[[Path, Path], None]
DAMAGES: list[Damage] = [
    *(flip, truncate, empty, lengthen, remove, make_folder, link, dangle, make_pipe, grow),
    *(add_beside, add_folder_beside, add_link_beside),
]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    folder = tmp_path_factory.mktemp("clean")
    return folder / "cache", published(folder / "cache", folder / "site")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "precious").write_text("x")
    return folder


@pytest.mark.parametrize("damage", DAMAGES)
def test_no_file_of_a_part_can_differ(clean, damage, tmp_path: Path, outside: Path) -> None:
    cache, _ = clean
    files = {(path.parent, path.suffix): path for path in cache.rglob("*") if path.is_file()}
    assert len(files) > 8
    for number, path in enumerate(files.values()):
        part = cache / path.relative_to(cache).parts[0]
        copy = tmp_path / str(number) / part.name
        shutil.copytree(part, copy)
        assert sealed(copy) is not None
        damage(copy / path.relative_to(part), outside)
        assert sealed(copy) is None, path


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_gives_the_same_bytes(clean, damage, tmp_path: Path, outside: Path) -> None:
    cache, expected = clean
    copy = tmp_path / "cache"
    shutil.copytree(cache, copy)
    for pattern in ("2026/*.json", "2026-05/terms/*", "2026-05/places/*"):
        damage(next(copy.glob(pattern)), outside)
    assert published(copy, tmp_path / "site") == expected
    assert (outside / "precious").exists()
    assert published(copy, tmp_path / "again") == expected


def put_strays(cache: Path, outside: Path) -> None:
    names = ("README", "2019", "2026.new", "2026.old", "engine", "2026-05.new", "2027-01")
    for number, name in enumerate(names):
        if number % 2:
            (cache / name).write_text("x")
        else:
            (cache / name).symlink_to(outside)


def copy_parts(cache: Path, outside: Path) -> None:
    shutil.copytree(cache / "2026", cache / "2026-01")
    shutil.copytree(cache / "2026", cache / "2026 (copy)")


def swap_parts(cache: Path, outside: Path) -> None:
    (cache / "2026").rename(cache / "x")
    (cache / "2026-05").rename(cache / "2026")
    (cache / "x").rename(cache / "2026-05")


def link_parts(cache: Path, outside: Path) -> None:
    for path in list(cache.iterdir()):
        shutil.move(path, outside / path.name)
        path.symlink_to(outside / path.name)


def link_all(cache: Path, outside: Path) -> None:
    shutil.move(cache, outside / "cache")
    cache.symlink_to(outside / "cache")


def be_a_file(cache: Path, outside: Path) -> None:
    shutil.rmtree(cache)
    cache.write_text("x")


def parts_as_files(cache: Path, outside: Path) -> None:
    for path in list(cache.iterdir()):
        shutil.rmtree(path)
        path.write_text("x")


@pytest.mark.parametrize(
    "damage",
    [put_strays, copy_parts, swap_parts, link_parts, link_all, be_a_file, parts_as_files],
)
def test_a_cache_of_other_things_gives_the_same_bytes(
    clean, damage: Damage, tmp_path: Path, outside: Path
) -> None:
    cache, expected = clean
    copy = tmp_path / "cache"
    shutil.copytree(cache, copy)
    damage(copy, outside)
    before = contents(outside)
    assert published(copy, tmp_path / "site") == expected
    assert contents(outside) == before
    assert published(copy, tmp_path / "again") == expected


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / ".cache").write_text("x")
    with pytest.raises(BuildError, match=r"\.cache"):
        update_index(archive(), tmp_path / ".cache" / "search", silent)
