"""The pictures of links: what they say, what they weigh, and when they are drawn."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from generator.build.exports import pictures as drawing
from generator.build.exports.pictures import LinkPicture, drawn, picture_makers, pictures
from generator.build.site.check import check_site
from generator.build.site.engine import PICTURE_FONT
from generator.core.progress import silent
from generator.core.texts import texts_in
from tests.builders import SITE, make_archive, make_paper
from tests.projects import PROJECT

DAY = date(2026, 9, 23)
DAYS_A_YEAR = 262
LONGEST = LinkPicture(
    "pictures/x.png",
    "Our Group’s Reading of the Week",
    "23 September 2026",
    "1,888",
    "arXiv papers",
)


def said(**site: Any) -> list[LinkPicture]:
    papers = [make_paper(n, day=DAY) for n in range(1, 4)]
    archive = make_archive({DAY: papers, date(2026, 9, 26): []})
    return list(pictures(archive, replace(SITE, description="Papers", **site), PICTURE_FONT))


def test_the_site_and_each_day_with_papers_have_one() -> None:
    assert said() == [
        LinkPicture("pictures/site.png", "daybook.example", "Daybook", "", "Papers"),
        LinkPicture("pictures/2026-09-23.png", "Daybook", "23 September 2026", "3", "arXiv papers"),
    ]


def test_what_the_font_cannot_write_is_said_otherwise_or_left_out() -> None:
    site, day = said(title="每日论文 Daybook", texts=texts_in("zh"))
    assert (site.name, site.heading) == ("", "daybook.example")
    assert (day.name, day.heading, day.count, day.words) == (
        *("daybook.example", "2026-09-23", "3", "arXiv"),
    )
    assert said(title="Öffentliche Статьи")[1].name == "Öffentliche Статьи"


def test_a_year_weighs_less_than_three_megabytes_and_the_same_day_the_same() -> None:
    data = drawn(LONGEST, PICTURE_FONT)
    assert len(data) * DAYS_A_YEAR < 3_000_000
    assert data == drawn(LONGEST, PICTURE_FONT)
    image = Image.open(BytesIO(data))
    assert (image.format, image.size) == ("PNG", (1200, 630))


def test_it_has_the_colours_of_the_pages() -> None:
    style = (PROJECT / "site_src/assets/daybook.css").read_text()
    root = dict(re.findall(r"--([\w-]+): #(\w{6});", style.split("}")[0]))
    wanted = {bytes.fromhex(root[name]) for name in ("paper", "ink", "ink-soft", "line", "red")}
    image = Image.open(BytesIO(drawn(LONGEST, PICTURE_FONT))).convert("RGB")
    assert wanted <= {bytes(colour) for _, colour in image.getcolors(1000)}


@pytest.mark.parametrize("text", ["W" * 400, "a b " * 100, "i", "…"])
def test_a_long_text_stays_inside(text: str) -> None:
    """No text reaches the right edge, nor the red rule from the left."""
    lines = LinkPicture("x.png", text, text, text, text)
    image = Image.open(BytesIO(drawn(lines, PICTURE_FONT))).convert("RGB")
    empty = LinkPicture("x.png", "", "", "", "")
    ground = Image.open(BytesIO(drawn(empty, PICTURE_FONT))).convert("RGB")
    for column in (*range(1160, 1200), *range(196, 246)):
        rows = range(200, 630)
        assert all(image.getpixel((column, y)) == ground.getpixel((column, y)) for y in rows)


def test_an_unchanged_day_is_not_drawn_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = make_archive({DAY: [make_paper(1, day=DAY)]})

    def made() -> dict[str, bytes]:
        makers = picture_makers(archive, SITE, PICTURE_FONT, tmp_path / "kept")
        return {path: data for maker in makers for path, data in maker()}

    first = made()
    (tmp_path / "kept/site.png").write_bytes(first["pictures/site.png"][:-9])  # torn
    asked: list[str] = []
    real = drawing.drawn
    monkeypatch.setattr(
        drawing, "drawn", lambda one, font: asked.append(one.path) or real(one, font)
    )
    assert made() == first
    assert asked == ["pictures/site.png"]


def named(page: str, name: str) -> str:
    (value,) = re.findall(rf'<meta (?:property|name)="{name}" content="([^"]*)">', page)
    return str(value)


@pytest.mark.parametrize(
    ("path", "picture", "alt"),
    [
        ("", "site", "arXiv papers"),
        ("tags/llm/", "site", "arXiv papers"),
        ("days/2026-02-05/", "2026-02-05", "arXiv papers of 5 February 2026"),
        ("days/2026-02-07/", "site", "arXiv papers"),  # a Saturday
        ("papers/2602.90003/", "2026-02-05", "arXiv papers of 5 February 2026"),
    ],
)
def test_pages_name_their_picture(golden_site: Path, path: str, picture: str, alt: str) -> None:
    page = (golden_site / path / "index.html").read_text()
    address = named(page, "og:image")
    assert address == f"https://daybook.example/pictures/{picture}.png"
    image = Image.open(golden_site / f"pictures/{picture}.png")
    assert named(page, "twitter:card") == "summary_large_image"
    if path.startswith("papers/"):
        return  # there are thousands of these pages: they leave out what programs can measure
    assert (named(page, "og:image:width"), named(page, "og:image:height")) == (
        *map(str, image.size),
    )
    assert named(page, "og:image:alt") == alt


def test_check_sees_a_picture_that_is_missing(golden_site: Path, tmp_path: Path) -> None:
    site = shutil.copytree(golden_site, tmp_path / "site")
    assert check_site(site, silent) == []
    (site / "pictures/2026-02-05.png").unlink()
    problems = check_site(site, silent)
    line = "pictures/2026-02-05.png, the picture of its link, is missing"
    assert f"days/2026-02-05/index.html: {line}" in problems
    assert f"papers/2602.90003/index.html: {line}" in problems
