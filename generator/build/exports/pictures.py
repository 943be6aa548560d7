"""The pictures that chats and networks show of a link: one of the site, and one of each day.

They are drawn in the look of ``site_src/assets/daybook.css``, a page of a ledger, with one font:
what that has no glyphs for, such as a name in Chinese, is left out or said otherwise. The same day
gives the same bytes. PNG's chunks: https://www.w3.org/TR/png-3/.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import PIL
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from generator.build.archive.archive import Archive
from generator.core import urls
from generator.core.site import PageMaker, SiteInfo

SIZE = (1200, 630)  # what networks ask for (https://ogp.me, Open Graph's 1.91 to 1)
# The paper, the steps from it to what texts are written in, the red of the margin, the lines.
_PAPER, _RED, _LINE = (0xFB, 0xF9, 0xF4), (0xB8, 0x40, 0x2F), (0xE2, 0xDD, 0xD0)
_INK, _SOFT = (0x20, 0x24, 0x2E), (0x5A, 0x60, 0x70)
_STEPS = {_INK: 6, _SOFT: 5}
_RED_INDEX, _LINE_INDEX = 12, 13
_COLOURS = 18  # with 16 or fewer a pixel has four bits, and the file is larger for it
_RULE = 216  # where the red rule of the margin is
_EDGE = 64  # the least distance of a text from the side
_TOP, _ROW = 176, 112  # the line below the name, and the distance of the next ones
_SMALLEST = 0.5  # of its size: so far a text is made smaller before it is cut
_END = b"IEND\xaeB`\x82"
_KEY = "Daybook"
_KEY_WITHIN = 1024  # bytes; the palette stands before it


@dataclass(frozen=True, slots=True)
class LinkPicture:
    """What a picture says, in lines that may be cut: ``count`` stands in the margin."""

    path: str
    name: str
    heading: str
    count: str
    words: str


def picture_makers(archive: Archive, site: SiteInfo, font: Path, cache: Path) -> list[PageMaker]:
    """Return makers of all pictures, in the type of a ``font`` file.

    They are kept in the folder ``cache``, and one that has not changed is taken from there.
    """

    def maker(picture: LinkPicture) -> PageMaker:
        return lambda: [(picture.path, _kept(picture, font, cache))]

    return [maker(picture) for picture in pictures(archive, site, font)]


def pictures(archive: Archive, site: SiteInfo, font: Path) -> Iterator[LinkPicture]:
    """Yield what the picture of the site says, and that of each day that lists papers."""
    texts = site.texts
    host = urlsplit(site.url).netloc
    name = _first_written(font, site.title, host)
    words = _first_written(font, texts.text("arXiv papers"), "arXiv")
    about = _first_written(font, site.description, words)
    yield LinkPicture(urls.picture(), host if name != host else "", name, "", about)
    for day in archive.days:
        if day.rows:
            date = _first_written(font, texts.short_date(day.date), day.date.isoformat())
            count = f"{len(day.rows):,}"
            yield LinkPicture(urls.picture(day.date.isoformat()), name, date, count, words)


def drawn(picture: LinkPicture, font: Path) -> bytes:
    """Return a picture as PNG."""
    image = Image.new("P", SIZE, 0)
    image.putpalette(_palette())
    pen = ImageDraw.Draw(image)
    width, height = SIZE
    for top in (_TOP - 7, _TOP):  # the double line below a masthead
        pen.rectangle((0, top, width, top + 2), fill=_LINE_INDEX)
    for top in range(_TOP + _ROW, height, _ROW):
        pen.rectangle((0, top, width, top + 1), fill=_LINE_INDEX)
    pen.rectangle((_RULE, _TOP + 3, _RULE + 2, height), fill=_RED_INDEX)
    pen.rectangle((_EDGE, 62, _EDGE + 5, 128), fill=_RED_INDEX)
    above = _ROW // 4  # how far a text stands above its line
    first, second = (_TOP + row * _ROW - above for row in (2, 3))
    for line in (
        _Line(picture.name, 52, _INK, _EDGE + 30, 113),
        _Line(picture.heading, 92, _INK, _RULE + 40, first),
        _Line(picture.words, 46, _SOFT, _RULE + 40, second - 4),
        _Line(picture.count, 46, _SOFT, _RULE - 28, second - 4, ends=True),
    ):
        if line.text:
            _write(image, font, line)
    note = PngImagePlugin.PngInfo()
    note.add_text(_KEY, _key(picture, font))
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=note, compress_level=7)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Line:
    """A text that begins at a place, or ``ends`` there; ``size`` and places are in pixels."""

    text: str
    size: int
    colour: tuple[int, int, int]
    x: int
    y: int
    ends: bool = False


def _write(image: Image.Image, font: Path, line: _Line) -> None:
    room = line.x - _EDGE // 2 if line.ends else SIZE[0] - _EDGE - line.x
    text, type_ = _fitting(font, line.text, line.size, room)
    anchor = "rs" if line.ends else "ls"
    box = type_.getbbox(text, anchor=anchor)
    left, top = int(box[0]) - 1, int(box[1]) - 1
    mask = Image.new("L", (int(box[2]) - left + 2, int(box[3]) - top + 2))
    ImageDraw.Draw(mask).text((-left, -top), text, 255, type_, anchor=anchor)
    steps = _STEPS[line.colour]
    base = 1 if line.colour == _INK else 1 + _STEPS[_INK]
    levels = [round(alpha * steps / 255) for alpha in range(256)]
    shades = mask.point([base + max(level - 1, 0) for level in levels])
    shown = mask.point([255 * (level > 0) for level in levels], "1")
    image.paste(shades, (line.x + left, line.y + top), shown)


def _fitting(font: Path, text: str, size: int, room: int) -> tuple[str, ImageFont.FreeTypeFont]:
    """Return a text, cut where it must be, and type in which it takes at most so many pixels."""
    wide = _type(font, size).getlength(text)
    type_ = _type(font, max(int(size * _SMALLEST), min(size, int(size * room / wide))))
    while text and type_.getlength(text) > room:
        text = f"{text[: len(text) * 9 // 10 - 1].rstrip(' …')}…"
    return text, type_


def _first_written(font: Path, *texts: str) -> str:
    """Return the first of these that the font can write; "" for none."""
    return next((text for text in texts if text and all(_has_glyph(font, c) for c in text)), "")


@lru_cache(maxsize=10_000)
def _has_glyph(font: Path, character: str) -> bool:
    """Tell whether a font has a character: what it lacks is drawn like what is none."""
    type_ = _type(font, 40)
    return character == " " or bytes(type_.getmask(character)) != bytes(type_.getmask("\uffff"))


@lru_cache
def _type(font: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font, size, layout_engine=ImageFont.Layout.BASIC)


def _palette() -> list[int]:
    steps = [
        round(paper + (shade - paper) * step / count)
        for colour, count in _STEPS.items()
        for step in range(1, count + 1)
        for paper, shade in zip(_PAPER, colour, strict=True)
    ]
    colours = [*_PAPER, *steps, *_RED, *_LINE]
    return colours + [0] * (3 * _COLOURS - len(colours))


@lru_cache
def _code(font: Path) -> bytes:
    """Return what else decides on a picture's bytes: this module, the font."""
    return Path(__file__).read_bytes() + font.read_bytes() + PIL.__version__.encode()


def _key(picture: LinkPicture, font: Path) -> str:
    """Return what tells one picture from another, as its file says it."""
    return hashlib.sha256(repr(picture).encode() + _code(font)).hexdigest()


def _kept(picture: LinkPicture, font: Path, cache: Path) -> bytes:
    """Return a picture as it was drawn before, else drawn now and kept."""
    path = cache / Path(picture.path).name
    data = path.read_bytes() if path.is_file() else b""
    if _key(picture, font).encode() not in data[:_KEY_WITHIN] or not data.endswith(_END):
        data = drawn(picture, font)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return data
