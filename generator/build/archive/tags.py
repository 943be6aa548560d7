"""The tags of the archive by how often they are used, and which of them have feeds. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from generator.build.archive.archive import Archive, Topic


def largest(topics: Iterable[Topic]) -> list[Topic]:
    """Return topics by number of papers, descending."""
    return sorted(topics, key=lambda topic: (-len(topic.entries), topic.name))


# Whole summaries make a feed large: a tag needs this many papers to have one, and so many have.
FEED_TAG_PAPERS = 5


FEED_TAGS = 100


def feed_tags(archive: Archive) -> list[Topic]:
    """Return the tags that have feeds, the most used first."""
    common = [t for t in archive.tags.values() if len(t.entries) >= FEED_TAG_PAPERS]
    return largest(common)[:FEED_TAGS]
