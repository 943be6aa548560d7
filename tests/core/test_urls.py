"""Addresses from names: every file system can have them, and old ones never change."""

from __future__ import annotations

import re
from pathlib import PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.core import urls
from generator.store.store import Store
from tests.builders import make_day, make_paper, make_summary
from tests.projects import make_project, run_generator

DEVICES = [
    *("con", "prn", "aux", "nul", "com0", "com1", "com9", "lpt1", "lpt9", "com¹", "lpt³"),
]
FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$')
names = st.one_of(
    st.text(),
    st.text(st.sampled_from("con.aux-prn 1¹lpt"), max_size=8),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", " ", ".", "-"]),
        st.sampled_from([*DEVICES, *map(str.upper, DEVICES), *map(str.title, DEVICES)]),
        st.sampled_from(["", ".", " ", "-", ".x", ".tar.gz", " y", "²", ". "]),
    ),
)


def assert_possible(path: str) -> None:
    """Assert that Windows can have a file of this name in folders of these names."""
    for part in path.split("/"):
        assert not FORBIDDEN.search(part), path
        # What Python 3.13 knows of it, in its own words: os.path.isreserved.
        base = part.split(".")[0].rstrip(" ").casefold()
        assert base not in DEVICES, path
    assert not PureWindowsPath(path).is_absolute()


def as_it_was(text: str) -> str:
    """Return the slug that a name had before devices were known."""
    kept = re.sub(r"[^\w.+-]+", "-", text.casefold(), flags=re.UNICODE).strip("-.")
    return kept[:60].strip("-.") or "other"


@given(names)
@example("con")
@example("AUX.tar.gz")
def test_windows_can_have_every_page_and_file_of_a_name(name: str) -> None:
    for path in (
        *(urls.tag_source(name), urls.category_source(name), urls.author_source(name)),
        *(urls.api("tags", name), urls.api("categories", name)),
        *(urls.feed(form, kind, name) for form in ("rss", "json") for kind in ("tags", "authors")),
        urls.feed("atom", "categories", name),
    ):
        assert_possible(path)


@given(names)
@example("control")
@example("auxiliary loss")
@example("com10")
@example("x.con")
def test_only_names_of_devices_have_another_address_than_before(name: str) -> None:
    before = as_it_was(name)
    if before.split(".")[0] not in DEVICES:
        assert urls.slug(name) == before


@given(names, names)
@example("con.x", "con-.x")
@example("con", "con-")
def test_only_names_that_differ_in_punctuation_share_an_address(first: str, second: str) -> None:
    if as_it_was(first) == as_it_was(second):
        assert urls.slug(first) == urls.slug(second)
    elif urls.slug(first) == urls.slug(second):
        assert re.sub(r"\W", "", as_it_was(first)) == re.sub(r"\W", "", as_it_was(second))


@given(names)
@example("con.x")
def test_a_slug_is_its_own_slug(name: str) -> None:
    assert urls.slug(urls.slug(name)) == urls.slug(name)


@pytest.mark.parametrize("name", DEVICES)
def test_each_device_has_an_address_of_its_own(name: str) -> None:
    assert urls.slug(name) == urls.slug(name.upper()) == f"{name}-"


def test_a_site_of_such_names_can_be_copied_to_windows(tmp_path, monkeypatch) -> None:
    project = make_project(tmp_path / "project", categories="con, cs.LG")
    config = project / "daybook.yml"
    papers = [
        make_paper(
            number,
            authors=("Nul", "Com1", "Aux."),
            categories=("cs.LG", "con"),
            summaries=(make_summary(tags=("con", "AUX", "nul.x", "lpt1 ", "prn.", "a.")),),
        )
        for number in range(1, 6)
    ]
    config.write_text(config.read_text().replace("[con, cs.LG]", "[cs.LG]"))
    Store(project / "data").write(papers, [make_day(*papers)])
    run_generator(project, "build")
    run_generator(project, "check")
    for folder in ("site", "site_src", ".cache"):
        paths = [p.relative_to(project).as_posix() for p in (project / folder).rglob("*")]
        assert len({path.casefold() for path in paths}) == len(paths)
        for path in paths:
            assert_possible(path)
    assert (project / "site" / "tags" / "con-" / "index.html").exists()
    assert (project / "site" / "feeds" / "tags" / "aux-.xml").exists()
