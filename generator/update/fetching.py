"""A day's feeds, from where the configuration says or the operator has them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generator.config.schema import Config
from generator.core.errors import DaybookError, FetchError, InputError
from generator.core.progress import Progress
from generator.update.sources.feed import Feed, feed_url, parse_feed
from generator.update.sources.http import Fetcher


def make_fetcher(config: Config, cache: Path) -> Fetcher:
    """Return one for feeds and API: arXiv wants one connection, and a pause, over all its hosts."""
    return Fetcher(
        cache,
        timeout=config.sources.timeout,
        delay=config.sources.api_delay,
        contact=config.sources.contact,
    )


def read_feeds(
    config: Config, feeds: Sequence[str], fetcher: Fetcher, progress: Progress
) -> dict[str, Feed | DaybookError]:
    """Return every feed of a day, or why it could not be read, by category.

    ``feeds`` (files or URLs) stand in for the configured categories' if there are any. Raises
    FetchError where none could be read.
    """
    places = {place: place for place in feeds} or {
        category: feed_url(category, config.sources.feed_base)
        for category in config.sources.categories
    }
    read: dict[str, Feed | DaybookError] = {}
    for number, (name, place) in enumerate(places.items(), 1):
        try:
            feed = _read_feed(place, fetcher)
            # One that is given by hand is called as arXiv titles it.
            given = name == place
            read[feed.title.removesuffix(" updates on arXiv.org") if given else name] = feed
        except (FetchError, InputError) as error:
            read[name] = error
        progress(number, len(places))
    if not any(isinstance(feed, Feed) for feed in read.values()):
        raise FetchError(
            "No feed could be read",
            item=", ".join(read),
            why="; ".join(map(str, read.values())),
            todo="The store is as it was: run the update again later",
        )
    return read


def _read_feed(place: str, fetcher: Fetcher) -> Feed:
    """Read a feed from a URL or a file. Raises FetchError or FeedError."""
    if place.startswith(("http://", "https://")):
        response = fetcher.get(place)
        return parse_feed(response.body, source=place, content_type=response.content_type)
    try:
        data = Path(place).read_bytes()
    except OSError as error:
        raise FetchError(
            "Cannot read a feed",
            item=place,
            why=error.strerror or str(error),
            todo="Give a file, or a URL that starts with http:// or https://",
        ) from error
    return parse_feed(data, source=place)
