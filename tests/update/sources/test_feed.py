"""arXiv's feeds: every field as arXiv sent it, whole or not at all. The papers are invented."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from contextlib import suppress
from datetime import UTC, date, datetime
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.core.errors import FeedError
from generator.core.papers import Announcement, AnnounceType, Author
from generator.update.sources.feed import Feed, feed_url, parse_feed
from generator.update.sources.tex import clean_text, split_authors
from generator.update.sources.xml import instant
from tests.shared import SHARED, needs_shared

ARXIV = "http://arxiv.org/schemas/atom"
DC = "http://purl.org/dc/elements/1.1/"
ATOM = "http://www.w3.org/2005/Atom"

ITEM = """
    <item>
      <title>{title}</title>
      <link>https://arxiv.org/abs/2601.90123</link>
      <description>{description}</description>
      <guid isPermaLink="false">{guid}</guid>
      {categories}
      <pubDate>{date}</pubDate>
      {extra}
      <dc:creator>{creator}</dc:creator>
    </item>"""
ENTRY = """
  <entry>
    <id>{guid}</id>
    <title>{title}</title>
    <updated>2026-01-06T05:00:19.899246+00:00</updated>
    <link href="https://arxiv.org/abs/2601.90123" rel="alternate" type="text/html"/>
    <summary>{description}</summary>
    {categories}
    <published>{date}</published>
    {extra}
    <dc:creator>{creator}</dc:creator>
  </entry>"""
PREFIX = "arXiv:2601.90123v2 Announce Type: new \nAbstract: "


def rss(*items: str, arxiv: str = "arxiv", dc: str = "dc", title: str = "cs.AI updates") -> bytes:
    body = "".join(items).replace("dc:", f"{dc}:").replace("arxiv:", f"{arxiv}:")
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:{arxiv}="{ARXIV}" xmlns:{dc}="{DC}" version="2.0">
  <channel>
    <title>{title}</title>
    <lastBuildDate>Tue, 06 Jan 2026 05:00:02 +0000</lastBuildDate>
    <pubDate>Tue, 06 Jan 2026 00:00:00 -0500</pubDate>{body}
  </channel>
</rss>""".encode()


def atom(*entries: str) -> bytes:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="{ARXIV}" xmlns:dc="{DC}" xmlns="{ATOM}" xml:lang="en-us">
  <id>http://rss.arxiv.org/atom/cs.AI</id>
  <title>cs.AI updates</title>
  <updated>2026-01-06T05:00:19.866337+00:00</updated>{"".join(entries)}
</feed>""".encode()


def item(template: str = ITEM, **fields: str) -> str:
    """One entry; values are text as arXiv means it, but for ``extra`` and ``categories``."""
    values = {
        "title": "A Sample",
        "description": f"{PREFIX}Words.",
        "guid": "oai:arXiv.org:2601.90123v2",
        "date": "Tue, 06 Jan 2026 00:00:00 -0500"
        if template is ITEM
        else "2026-01-06T00:00:00-05:00",
        "creator": "Ada Vale",
        **fields,
    }
    values = {name: escape(value) for name, value in values.items()}
    values["categories"] = fields.get(
        "categories",
        "<category>cs.AI</category>" if template is ITEM else '<category term="cs.AI"/>',
    )
    values["extra"] = fields.get("extra", "<arxiv:announce_type>new</arxiv:announce_type>")
    return template.format(**values)


def read(data: bytes, **options: str) -> Feed:
    return parse_feed(data, source="sample.xml", **options)


def only(data: bytes) -> Announcement:
    (announcement,) = read(data).announcements
    return announcement


FULL = {
    "title": r"Erd\H{o}s and $\mathcal{L}$: R&D | a_b ] <i>",
    "description": f"{PREFIX}We show that $x<y$ & ``more'' for Pok\\'emon. ",
    "creator": r" J\'er\'emy Valo (LAB, CITY), Bo Rask",
    "extra": "<arxiv:announce_type>replace-cross</arxiv:announce_type>"
    "<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>"
    "<arxiv:DOI>10.99999/sample</arxiv:DOI>"
    "<arxiv:journal_reference>Ann. Invent\\'ees 1 (2026) 2--3</arxiv:journal_reference>",
}


@pytest.mark.parametrize(
    "data",
    [
        rss(item(**FULL, categories="<category>math.CO</category><category>cs.AI</category>")),
        rss(
            item(**FULL, categories="<category>math.CO</category><category>cs.AI</category>"),
            arxiv="ns1",
            dc="NS0",
        ),
        atom(item(ENTRY, **FULL, categories='<category term="math.CO"/><category term="cs.AI"/>')),
    ],
    ids=["rss", "other-prefixes", "atom"],
)
def test_every_field_arrives(data: bytes) -> None:
    announcement = only(data)
    assert announcement == Announcement(
        id=announcement.id,
        date=date(2026, 1, 6),
        type=AnnounceType.REPLACE_CROSS,
        title=r"Erdős and $\mathcal{L}$: R&D | a_b ] <i>",
        raw_title=FULL["title"],
        authors=(Author("Jérémy Valo", "LAB, CITY"), Author("Bo Rask")),
        abstract="We show that $x<y$ & “more” for Pokémon.",
        raw_abstract="We show that $x<y$ & ``more'' for Pok\\'emon.",
        categories=("math.CO", "cs.AI"),
        doi="10.99999/sample",
        journal_ref="Ann. Inventées 1 (2026) 2–3",
        license="http://creativecommons.org/licenses/by/4.0/",
    )
    assert (announcement.id.id, announcement.id.version) == ("2601.90123", 2)
    assert announcement.primary_category == "math.CO"


@pytest.mark.parametrize("data", [rss(), atom()], ids=["rss", "atom"])
def test_a_feed_without_entries_is_valid(data: bytes) -> None:
    feed = read(data)
    assert (feed.title, feed.announcements, feed.skipped) == ("cs.AI updates", (), ())
    assert not feed.truncated
    assert feed.built is not None
    assert feed.built.replace(microsecond=0, second=0) == datetime(2026, 1, 6, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "$x<y$ and y>z",
        "<script>alert(1)</script>",
        "&lt;script&gt; &amp; &amp;lt; &eacute; &#60;",
        "<b>bold</b> & <img src=x onerror=alert(1)>",
        "]]> <![CDATA[x]]> <!-- -->",
        'javascript:alert("1")',
        "<a href='/relative'>x</a>",
        "{{ x }} {% y %} `code` **bold** # no heading",
        "投机解码 and λόγος",
    ],
)
@pytest.mark.parametrize("template", [ITEM, ENTRY], ids=["rss", "atom"])
def test_text_is_literally_what_arxiv_sent(template: str, text: str) -> None:
    entry = item(template, title=text, description=PREFIX + text)
    announcement = only(rss(entry) if template is ITEM else atom(entry))
    assert announcement.raw_title == text
    assert announcement.raw_abstract == text


XML_TEXT = st.text(
    st.characters(min_codepoint=0x20, exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"])
    | st.sampled_from("<>&'\"\\{}$ "),
    min_size=1,
).map(lambda text: f"x{text}x")


@given(XML_TEXT)
def test_any_text_survives(text: str) -> None:
    announcement = only(rss(item(title=text, description=PREFIX + text)))
    with suppress(UnicodeError):
        # feedparser repairs UTF-8 that was read as Latin-1, which is no loss.
        text = text.encode("latin-1").decode("utf-8")
    assert announcement.raw_title == text
    assert announcement.raw_abstract == text


def test_an_address_in_an_author_list_changes_nothing() -> None:
    creators = "Ada Vale <ada@example.org>, Bo Rask (bo@example.org, LAB), Cy Thorn"
    assert only(rss(item(creator=creators))).authors == (
        Author("Ada Vale <ada@example.org>"),
        Author("Bo Rask", "bo@example.org, LAB"),
        Author("Cy Thorn"),
    )


def test_several_creators_are_all_kept() -> None:
    entry = item().replace("Ada Vale", "Ada Vale</dc:creator><dc:creator>Bo Rask")
    assert [author.name for author in only(rss(entry)).authors] == ["Ada Vale", "Bo Rask"]


def test_empty_fields_are_none() -> None:
    extra = (
        "<arxiv:announce_type>new</arxiv:announce_type><dc:rights/><dc:rights></dc:rights>"
        "<arxiv:DOI> </arxiv:DOI><arxiv:journal_reference/>"
    )
    announcement = only(rss(item(extra=extra, creator="")))
    assert (announcement.doi, announcement.journal_ref, announcement.license) == (None, None, None)
    assert announcement.authors == ()


@pytest.mark.parametrize(
    ("guid", "identifier", "version"),
    [
        ("oai:arXiv.org:2601.90123v12", "2601.90123", 12),
        ("oai:arXiv.org:cs/0601001v3", "cs/0601001", 3),
        ("oai:arXiv.org:math.GT/0309136v1", "math/0309136", 1),
        ("oai:arXiv.org:0704.0001v1", "0704.0001", 1),
        ("https://arxiv.org/abs/2601.90123", "2601.90123", 2),  # the description has the version
        ("", "2601.90123", 2),
    ],
)
def test_ids_have_their_version(guid: str, identifier: str, version: int) -> None:
    announcement = only(rss(item(guid=guid)))
    assert (announcement.id.id, announcement.id.version) == (identifier, version)


def test_the_type_may_stand_in_the_description_only() -> None:
    description = "arXiv:2601.90123v2 Announce Type: cross \nAbstract: Words."
    announcement = only(rss(item(extra="", description=description)))
    assert (announcement.type, announcement.abstract) == (AnnounceType.CROSS, "Words.")


def test_an_abstract_without_the_usual_head_is_kept_whole() -> None:
    assert only(rss(item(description="Just words."))).raw_abstract == "Just words."


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Tue, 06 Jan 2026 00:00:00 -0500", date(2026, 1, 6)),
        ("Tue, 06 Jan 2026 04:59:59 +0000", date(2026, 1, 5)),
        ("Tue, 06 Jan 2026 05:00:00 GMT", date(2026, 1, 6)),
        ("2026-07-06T00:00:00-04:00", date(2026, 7, 6)),
        ("2026-07-06T03:59:59Z", date(2026, 7, 5)),
    ],
)
def test_days_are_counted_in_us_eastern_time(written: str, day: date) -> None:
    assert only(rss(item(date=written))).date == day


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"guid": "nonsense", "description": "Words."}, "Not an arXiv identifier"),
        ({"guid": "oai:arXiv.org:2601.90123", "description": "Words."}, "without a version"),
        ({"title": " "}, "no title"),
        ({"categories": ""}, "no category"),
        ({"date": "yesterday"}, "'yesterday'"),
        ({"date": ""}, "date"),
        ({"date": "99999"}, "'99999'"),
        ({"date": "Tue, 06 Jan 2026 25:61:00 -0500"}, "25:61"),
        ({"date": "Tue, 06 Jan 99999999999999999999 00:00:00 GMT"}, "date"),
        ({"date": "9999-12-31T23:59:59-23:00"}, "date"),
        ({"date": "0001-01-01T00:00:00Z"}, "date"),
        ({"extra": "<arxiv:announce_type>withdrawn</arxiv:announce_type>"}, "'withdrawn'"),
        ({"extra": "", "description": "Words."}, "announce type ''"),
    ],
)
def test_one_bad_entry_is_skipped_and_reported(broken: dict[str, str], reason: str) -> None:
    feed = read(rss(item(), item(**broken), item(guid="oai:arXiv.org:2601.90124v1")))
    assert [str(entry.id) for entry in feed.announcements] == ["2601.90123v2", "2601.90124v1"]
    (line,) = feed.skipped
    assert line.startswith("entry 2 (")
    assert reason in line
    with pytest.raises(FeedError, match=r"No entry of the feed can be read: .*: all 1 fail"):
        read(rss(item(**broken)))


def test_a_feed_as_long_as_arxiv_makes_them_is_marked() -> None:
    assert read(rss(item() * 2000)).truncated
    assert not read(rss(item() * 20)).truncated


# What is no feed


@given(st.integers(min_value=1, max_value=len(rss(item(), item())) - 1))
def test_a_broken_off_feed_is_an_error_wherever_it_breaks(length: int) -> None:
    with pytest.raises(FeedError):
        read(rss(item(), item())[:length])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "broken off"),
        (b"  \n", "broken off"),
        (b"Service unavailable", "broken off"),
        (b"<!DOCTYPE html><html><body><p>Down for maintenance", "a web page"),
        (b"<html><head></head><body><br></body></html>", "a web page"),
        (b"<feedback/>", "neither RSS 2.0 nor Atom 1.0"),
        (b"<html><head/></html>", "a web page"),
        (rss(item()).replace(b"</title>", b"", 1), "mismatched tag"),
        (rss(item(title="A & B")).replace(b"&amp;", b"&"), "not well-formed"),
        (rss(item()).replace(b'xmlns:dc="', b'xmlns:dd="'), "unbound prefix"),
        (rss(item(title="A\x00B")), "not well-formed"),
        (rss(item()) + b"<more/>", "junk after document"),
        (b"\xff\xfe\x00", "utf-16"),
        (b"\x1f\x8b\x08\x00", "not UTF-8"),
    ],
)
def test_what_is_no_feed_is_an_error(data: bytes, message: str) -> None:
    with pytest.raises(FeedError) as caught:
        read(data)
    assert message in str(caught.value)
    assert caught.value.item == "sample.xml"


def test_an_error_feed_says_what_arxiv_says() -> None:
    with pytest.raises(FeedError, match=r"Feed error for query: cs\.XX"):
        read(rss(title="Feed error for query: cs.XX"))


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {y} "{f"&{x};" * 10}">' for x, y in zip("abcdefgh", "bcdefghi"))  # noqa: B905
        + "]>",
        '<!DOCTYPE rss [<!ENTITY i SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd">',
        "<!DOCTYPE rss>",
    ],
)
def test_a_document_type_is_refused_unread(doctype: str) -> None:
    feed = rss(item(title="TITLE")).replace(b"TITLE", b"&i;")
    with pytest.raises(FeedError, match="document type"):
        read(feed.replace(b"<rss", doctype.encode() + b"<rss", 1))


@pytest.mark.parametrize(
    "extra",
    [
        '<arxiv:DOI a="b">10.1/x</arxiv:DOI>',
        "<arxiv:DOI><arxiv:DOI>10.1/x</arxiv:DOI></arxiv:DOI>",
        '<arxiv:announce_type a="b">new</arxiv:announce_type>',
        '<arxiv:journal_reference a="b"/>',
        '<DOI xmlns="http://arxiv.org/schemas/atom" a="b">10.1/x</DOI>',
        '<gml:pos xmlns:gml="http://www.opengis.net/gml">a</gml:pos>',
        "<category/><category domain='x'/><author><name/></author><rights a='b'/>",
        "<pubDate>Fri, 31 Dec 9999 23:59:59 +0000</pubDate>",
        "<pubDate>Mon, 05 Jan 2026 00:00:00 +99999999</pubDate>",
    ],
)
def test_whatever_stands_in_an_entry_one_feed_fails_at_most(extra: str) -> None:
    with suppress(FeedError):
        read(rss(item().replace("</item>", f"{extra}</item>"), item()))


@pytest.mark.parametrize("text", ["<>&#xD800;", "<a>&#xD800;</a>", "<![", "<rss><?", "<a b=>"])
def test_whatever_feedparser_guesses_a_broken_feed_is_refused(text: str) -> None:
    with pytest.raises(FeedError):
        read(text.encode())


@pytest.mark.parametrize("year", [1, 1990, 2091, 9999])
def test_a_date_of_no_possible_year_is_none(year: int) -> None:
    assert instant(f"{year:04}-12-31T23:59:59Z") is None
    assert instant(f"Fri, 31 Dec {year:04} 23:59:59 -0000") is None


def test_an_element_of_endless_attributes_is_refused_unread() -> None:
    """feedparser takes two minutes for these."""
    attributes = "".join(f' a{number}="{number}"' for number in range(100_000))
    feed = rss(item()).replace(b"<rss", f"<rss{attributes}".encode(), 1)
    with pytest.raises(FeedError, match="more than 100 attributes"):
        read(feed)


# Encodings

ACCENTED = rss(item(title="Jérémy – λ", creator="Zoë"))
LATIN = rss(item(title="Jérémy", creator="Zoë")).decode()


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (ACCENTED, None),
        (b"\xef\xbb\xbf" + ACCENTED, None),
        (ACCENTED, "text/xml"),  # by an old RFC this means US-ASCII
        (ACCENTED, "text/html; charset=iso-8859-1"),
        (ACCENTED.replace(b"UTF-8", b"ISO-8859-1"), None),
        (ACCENTED.replace(b"<?xml version='1.0' encoding='UTF-8'?>\n", b""), None),
        (ACCENTED.decode().encode("utf-16"), None),
    ],
)
def test_utf_8_is_read_as_such_whatever_is_declared(data: bytes, content_type: str | None) -> None:
    feed = parse_feed(data, source="sample.xml", content_type=content_type)
    assert feed.announcements[0].title == "Jérémy – λ"
    assert feed.announcements[0].authors == (Author("Zoë"),)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (LATIN.replace("UTF-8", "ISO-8859-1").encode("latin-1"), None),
        (LATIN.encode("latin-1"), "application/rss+xml; charset=ISO-8859-1"),
        (LATIN.replace("UTF-8", "windows-1252").encode("latin-1"), None),
    ],
)
def test_other_encodings_are_read_as_declared(data: bytes, content_type: str | None) -> None:
    feed = parse_feed(data, source="sample.xml", content_type=content_type)
    assert feed.announcements[0].title == "Jérémy"


@pytest.mark.parametrize("declared", ["UTF-8", "nonsense", "unicode_escape", "utf-7", "base64"])
def test_bytes_that_are_not_what_they_claim_are_an_error(declared: str) -> None:
    with pytest.raises(FeedError, match=declared):
        read(LATIN.replace("UTF-8", declared).encode("latin-1"))


# Addresses


def test_feed_addresses() -> None:
    assert feed_url("cs.AI") == "https://rss.arxiv.org/rss/cs.AI"
    assert feed_url("astro-ph.EP", "http://127.0.0.1:8000/") == (
        "http://127.0.0.1:8000/rss/astro-ph.EP"
    )
    assert feed_url("../x?y#z") == "https://rss.arxiv.org/rss/..%2Fx%3Fy%23z"


# The real samples


def real_samples() -> list[str]:
    found = (SHARED / "samples" / "arxiv_rss").glob("*.xml")
    return sorted(path.name for path in found) or ["absent"]


def text_of(entry: ET.Element, *names: str) -> str:
    found = (element for name in names if (element := entry.find(name)) is not None)
    return next(((element.text or "").strip() for element in found), "")


@needs_shared
@pytest.mark.parametrize("name", real_samples())
def test_real_samples_are_read_whole(name: str) -> None:
    """Against a second reading, with the standard library's parser and fully qualified names."""
    data = (SHARED / "samples" / "arxiv_rss" / name).read_bytes()
    feed = parse_feed(data, source=name)
    root = ET.fromstring(data)
    entries = [*root.iter("item"), *root.iter(f"{{{ATOM}}}entry")]
    assert feed.skipped == ()
    assert len(feed.announcements) == len(entries)
    assert feed.built is not None
    for entry, announcement in zip(entries, feed.announcements, strict=True):
        head, _, abstract = text_of(entry, "description", f"{{{ATOM}}}summary").partition(
            "\nAbstract:"
        )
        assert announcement.raw_abstract == abstract.strip()
        assert head.strip() == f"arXiv:{announcement.id} Announce Type: {announcement.type}"
        assert announcement.raw_title == text_of(entry, "title", f"{{{ATOM}}}title")
        assert announcement.authors == split_authors(text_of(entry, f"{{{DC}}}creator")) != ()
        assert (announcement.doi or "") == text_of(entry, f"{{{ARXIV}}}DOI")
        assert (announcement.license or "") == text_of(entry, f"{{{DC}}}rights")
        journal = text_of(entry, f"{{{ARXIV}}}journal_reference")
        assert (announcement.journal_ref or "") == clean_text(journal)
        categories = [*entry.iter("category"), *entry.iter(f"{{{ATOM}}}category")]
        assert list(announcement.categories) == [c.text or c.get("term") for c in categories]
        assert announcement.date == max(a.date for a in feed.announcements)
