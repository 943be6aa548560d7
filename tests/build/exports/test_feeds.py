"""Feeds, read by programs that did not write them, and held to the formats' own rules.

feedparser and atoma read the feeds, listparser and atoma the list; atoma is the strict one.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import atoma
import feedparser
import listparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from generator.build.archive.archive import Archive
from generator.build.archive.tags import FEED_TAG_PAPERS
from generator.build.exports.feeds import FEED_ITEMS, NARROW_ITEMS, feed_makers
from generator.build.exports.formats import FeedDocument, FeedEntry, atom, json_feed, opml, rss
from generator.core import urls
from generator.core.days import Row
from generator.core.papers import Paper
from generator.core.site import SiteInfo
from generator.core.summaries import Summary
from tests import builders
from tests.builders import make_archive, make_pages, make_paper, make_row

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
SITE = replace(builders.SITE, description="Papers", authors=("Ada Sample",))
INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def check_atom(data: bytes) -> etree._Element:
    """The rules of RFC 4287 that a document can break."""
    feed = etree.fromstring(data)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        names = [child.tag.removeprefix(ATOM) for child in element if child.tag.startswith(ATOM)]
        for once in ("id", "title", "updated"):
            assert names.count(once) == 1, once
        for at_most_once in ("published", "subtitle", "content"):
            assert names.count(at_most_once) <= 1
        assert urlsplit(element.findtext(f"{ATOM}id")).scheme
        assert re.fullmatch(INSTANT, element.findtext(f"{ATOM}updated"))
        links = element.findall(f"{ATOM}link")
        assert all(urlsplit(link.get("href")).scheme == "https" for link in links)
        assert [link.get("rel") for link in links].count("alternate") == 1
        assert all(name.text.strip() for name in element.findall(f"{ATOM}author/{ATOM}name"))
    # An entry without authors has the feed's.
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert [link.get("rel") for link in feed.findall(f"{ATOM}link")].count("self") == 1
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    assert not feedparser.parse(data).bozo
    return feed


def check_rss(data: bytes) -> etree._Element:
    """The rules of RSS 2.0."""
    channel = etree.fromstring(data).find("channel")
    assert all(channel.findtext(name) is not None for name in ("title", "link", "description"))
    for item in channel.findall("item"):
        assert feedparser.parse(data).entries[0].published_parsed
        assert item.findtext("guid")
    assert not feedparser.parse(data).bozo
    return channel


def check_json(data: bytes) -> dict[str, object]:
    """The rules of JSON Feed 1.1."""
    feed = json.loads(data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str)
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert isinstance(item["content_html"], str)
        assert re.fullmatch(INSTANT, item["date_published"])
        assert all(author["name"] for author in item["authors"])
        assert all(isinstance(tag, str) for tag in item["tags"])
    return feed


def link(feed: etree._Element, rel: str) -> str | None:
    found = [one.get("href") for one in feed.findall(f"{ATOM}link") if one.get("rel") == rel]
    return found[0] if found else None


def archive(days: dict[date, int]) -> Archive:
    """So many papers on each day; the first of a day is Ada Sample's, all have the tag LLM."""
    papers: list[Paper] = []
    made: dict[date, list[Row]] = {}
    for day, count in days.items():
        rows = []
        for number in range(count):
            identifier = f"{day:%y%m}.{day:%d}{number:03}"
            paper = make_paper(
                identifier,
                title=f"Paper {identifier} <b> & $x^2$",
                authors=("Bo Muster" if number else "Ada Sample",),
                abstract="An LLM.",
                day=day,
            )
            papers.append(paper)
            rows.append(make_row(paper, "LLM" if number else "rare"))
        made[day] = rows
    return make_archive(made, papers)


def files(made: Archive, site: SiteInfo = SITE) -> dict[str, bytes]:
    return {path: data for maker in feed_makers(made, site) for path, data in maker()}


JANUARY = {date(2026, 1, 5): 40, date(2026, 1, 6): 40}
FEBRUARY = {date(2026, 2, 2): 3}


def test_every_feed_comes_in_three_formats_and_keeps_their_rules() -> None:
    found = files(archive(JANUARY | FEBRUARY))
    names = ("cs.LG", "tags/llm", "authors/ada-sample")
    assert set(found) == {
        *("feed.xml", "atom.xml", "feed.json", "feeds.opml"),
        *(f"feeds/{name}.xml" for name in names),
        *(f"feeds/atom/{name}.xml" for name in names),
        *(f"feeds/json/{name}.json" for name in names),
        *("feeds/archive/2026-01.xml", "feeds/archive/2026-02.xml"),
    }
    for path, data in found.items():
        if path.endswith(".json"):
            feed = check_json(data)
            assert feed["feed_url"] == SITE.url + path
        elif path == "atom.xml" or "/atom/" in path or "/archive/" in path:
            assert link(check_atom(data), "self") == SITE.url + path
        elif path.endswith(".xml"):
            check_rss(data)
    assert len(json.loads(found["feed.json"])["items"]) == FEED_ITEMS
    assert len(json.loads(found["feeds/json/tags/llm.json"])["items"]) == NARROW_ITEMS


def test_the_formats_say_the_same() -> None:
    found = files(archive(FEBRUARY))
    read = [feedparser.parse(found[path]).entries for path in ("feed.xml", "atom.xml")]
    items = json.loads(found["feed.json"])["items"]
    for one, other, item in zip(*read, items, strict=True):
        assert one.id == other.id == item["id"]
        assert one.link == other.link == item["url"]
        assert one.published_parsed == other.published_parsed
        assert one.description == other.content[0].value
    assert items[0]["title"] == "Paper 2602.02000 <b> & x²"


def page_named(path: str, data: bytes) -> str:
    """The address of the page that a feed or archive document says it is of."""
    if path.endswith(".json"):
        return str(json.loads(data)["home_page_url"])
    root = etree.fromstring(data)
    return str(link(root, "alternate") if root.tag == f"{ATOM}feed" else root.findtext("*/link"))


def test_each_feed_leads_to_a_page_of_its_own_that_is_there() -> None:
    made = archive(JANUARY | FEBRUARY)
    site = replace(SITE, authors=("Ada Sample", "Nobody Here", "Bo Muster"))
    pages = {site.url + urls.encoded(urls.page_url(path)) for path in make_pages(made, site)}
    found = {path: page_named(path, data) for path, data in files(made, site).items()}
    del found["feeds.opml"]
    assert set(found.values()) <= pages
    of: dict[str, set[str]] = {}
    for path, page in found.items():
        of.setdefault(page.removeprefix(site.url), set()).add(path)
    assert sorted(of) == [
        *("", "authors/ada-sample/", "authors/bo-muster/", "authors/nobody-here/"),
        *("categories/cs.LG/", "days/2026-01/", "days/2026-02/", "tags/llm/"),
    ]
    assert all(len(paths) == 1 + 2 * ("days" not in page) for page, paths in of.items())


def test_who_opens_a_feed_in_a_browser_reads_first_what_it_is() -> None:
    rows = [make_row(n, "a--b") for n in range(1, 1 + FEED_TAG_PAPERS)]
    for path, data in files(make_archive({date(2026, 1, 5): rows})).items():
        head = b"\n".join(data.split(b"\n")[:3]).decode()
        assert head.count("is a feed") + head.count("is a list of feeds") == 1, path
        (address,) = re.findall(r'https://\S+?/(?= -->|")', head.split("jsonfeed.org")[-1])
        if path != "feeds.opml":
            assert address.replace("-%2D", "--") == page_named(path, data)
        if not path.endswith(".json"):
            etree.fromstring(data)
            assert not feedparser.parse(data).bozo


def test_a_rare_tag_and_an_author_nobody_follows_have_no_feed() -> None:
    assert FEED_TAG_PAPERS == 5
    found = files(archive({date(2026, 1, 5): 5}))  # four of them have the tag
    assert not any("tags/" in path for path in found)
    assert not any("bo-muster" in path for path in found)
    (entry,) = json.loads(found["feeds/json/authors/ada-sample.json"])["items"]
    assert entry["authors"] == [{"name": "Ada Sample"}]


def test_the_archive_is_a_chain_that_misses_no_paper() -> None:
    found = files(archive(JANUARY | FEBRUARY))
    feed = check_atom(found["atom.xml"])
    assert feed.find(f"{HISTORY}archive") is None
    seen, months = set(), []
    at = link(feed, "prev-archive")
    while at:
        months.append(at)
        document = check_atom(found[at.removeprefix(SITE.url)])
        assert document.find(f"{HISTORY}archive") is not None
        assert link(document, "current") == f"{SITE.url}atom.xml"
        seen |= {entry.findtext(f"{ATOM}id") for entry in document.findall(f"{ATOM}entry")}
        at = link(document, "prev-archive")
    assert len(seen) == 83
    assert [month[-11:-4] for month in months] == ["2026-02", "2026-01"]


def test_a_month_that_is_over_stays_as_it_is() -> None:
    before = files(archive(JANUARY))["feeds/archive/2026-01.xml"]
    after = files(archive(JANUARY | FEBRUARY | {date(2026, 3, 2): 9}))
    assert after["feeds/archive/2026-01.xml"] == before


def with_summary(made: Archive) -> Archive:
    """The archive once the newest paper has a summary."""
    summary = Summary(
        version=1,
        model="m",
        language="en",
        prompt_hash="",
        input="abstract",
        created=datetime(2026, 2, 4, 9, tzinfo=UTC),
        body="All of it.",
    )
    newest = made.latest[0].paper
    others = [entry.paper for entry in made.latest if entry.paper is not newest]
    return Archive.of([replace(newest, summaries=(summary,)), *others], made.days)


def test_an_empty_archive_has_valid_feeds() -> None:
    found = files(archive({}))
    check_atom(found["atom.xml"])
    check_rss(found["feed.xml"])
    check_json(found["feed.json"])


def test_a_later_summary_updates_its_entry_and_leaves_the_archive_alone() -> None:
    made = archive(FEBRUARY)
    before, after = files(made), files(with_summary(made))
    feed = check_atom(after["atom.xml"])
    assert feed.findtext(f"{ATOM}updated") == "2026-02-04T09:00:00Z"
    assert feed.findtext(f"{ATOM}entry/{ATOM}published") == "2026-02-02T05:00:00Z"
    assert "All of it." in str(feed.findtext(f"{ATOM}entry/{ATOM}content"))
    assert after["feeds/archive/2026-02.xml"] == before["feeds/archive/2026-02.xml"]


def test_the_list_of_feeds_names_each_once() -> None:
    found = files(archive(JANUARY))
    outlines = etree.fromstring(found["feeds.opml"]).findall("body/outline")
    listed = {outline.get("xmlUrl").removeprefix(SITE.url) for outline in outlines}
    assert listed == {p for p in found if p == "atom.xml" or "/atom/" in p}
    assert {outline.get("type") for outline in outlines} == {"rss"}


@given(st.text(max_size=20))
def test_any_text_makes_valid_feeds(text: str) -> None:
    entry = FeedEntry(
        id="oai:arXiv.org:2601.00001v1",
        link="https://daybook.example/x/",
        title=text,
        published=datetime(2026, 1, 5, tzinfo=UTC),
        updated=datetime(2026, 1, 5, tzinfo=UTC),
        authors=(f"x{text}",),
        categories=(text,),
        html=text,
    )
    address = "https://daybook.example/feed"
    feed = FeedDocument(
        title=text, description=text, page=address, address=address, entries=(entry,)
    )
    check_atom(atom(feed))
    check_rss(rss(feed))
    check_json(json_feed(feed))
    etree.fromstring(opml(text, [(text, address, address)]))


def test_pages_name_their_feeds(golden_site: Path) -> None:
    def named(path: str) -> set[str]:
        text = (golden_site / path).read_text()
        return set(re.findall(r'<link rel="alternate[^>]* href="([^"]*)"', text))

    assert named("index.html") == {"feed.xml", "atom.xml", "feed.json"}
    assert {
        *("../../feeds/cs.LG.xml", "../../feeds/atom/cs.LG.xml", "../../feeds/json/cs.LG.json"),
        *("../../feed.xml", "../../atom.xml", "../../feed.json"),
    } == named("categories/cs.LG/index.html")
    assert len(named("tags/kernel/index.html")) == 3  # too rare a tag for one of its own


@pytest.mark.parametrize("path", ["atom.xml", "feeds/atom/cs.LG.xml"])
def test_the_sites_atom_feeds_are_whole(golden_site: Path, path: str) -> None:
    feed = check_atom((golden_site / path).read_bytes())
    assert "本文提出" in "".join(feed.itertext())


def test_other_programs_read_every_feed_and_the_list_alike(golden_site: Path) -> None:
    listed = listparser.parse((golden_site / "feeds.opml").read_bytes())
    assert not listed.bozo
    outlines = atoma.parse_opml_file(str(golden_site / "feeds.opml")).outlines
    assert [(o.xml_url, o.title) for o in outlines] == [(f.url, f.title) for f in listed.feeds]
    assert len(outlines) == 3
    for outline in outlines:
        path = outline.xml_url.removeprefix(SITE.url)
        data = (golden_site / path).read_bytes()
        strict, lenient = atoma.parse_atom_bytes(data), feedparser.parse(data)
        assert strict.title.value == lenient.feed.title == outline.title
        entries = [(entry.id_, entry.title.value) for entry in strict.entries]
        assert entries == [(entry.id, entry.title) for entry in lenient.entries]
        assert entries
        rss_path = "feed.xml" if path == "atom.xml" else path.replace("/atom/", "/")
        channel = atoma.parse_rss_file(str(golden_site / rss_path))
        assert [(item.guid, item.title) for item in channel.items] == entries
        assert all(item.pub_date.tzinfo for item in channel.items)
        feed_json = rss_path.replace("feeds/", "feeds/json/").replace(".xml", ".json")
        items = atoma.parse_json_feed_file(str(golden_site / feed_json)).items
        assert [(item.id_, item.title) for item in items] == entries
        # atoma takes the empty text of a paper without an abstract for none.
        bodies = [entry.content.value if entry.content else "" for entry in strict.entries]
        assert bodies == [item.description or "" for item in channel.items]
        assert bodies == [item.content_html for item in items]
