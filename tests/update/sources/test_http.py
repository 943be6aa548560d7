"""Downloads over a real connection: politeness, limits, retries, and what the operator reads."""

from __future__ import annotations

import builtins
import gzip
import hashlib
import inspect
import json
import logging
import re
import socket
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import ModuleType

import httpcore2
import httpx2
import pytest

from generator import __version__
from generator.core.errors import FetchError
from generator.update.sources.addresses import is_own_network, may_lead_to
from generator.update.sources.http import Fetcher
from tests.loopback import Answer, Loopback

NOW = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.seconds += seconds


@pytest.fixture
def moment() -> Time:
    return Time()


@pytest.fixture
def fetcher(moment: Time, tmp_path: Path) -> Callable[..., Fetcher]:
    def make(**options: object) -> Fetcher:
        defaults = {
            "clock": lambda: moment.seconds,
            "sleep": moment.sleep,
            "now": lambda: NOW,
            "timeout": 5.0,
        }
        return Fetcher(**{**defaults, **options})

    return make


def failure(fetcher: Fetcher, url: str) -> FetchError:
    with fetcher, pytest.raises(FetchError) as caught:
        fetcher.get(url)
    error = caught.value
    assert error.item.startswith(url.split("?", maxsplit=1)[0][:20])
    assert all((error.what, error.item, error.why, error.todo))
    return error


def test_a_download_brings_the_body_and_what_it_is(arxiv: Loopback, fetcher) -> None:
    arxiv.on("/rss/cs.AI", Answer(200, b"<rss/>", {"Content-Type": "application/rss+xml"}))
    with fetcher() as client:
        response = client.get(f"{arxiv.url}/rss/cs.AI")
    assert (response.status, response.body, response.from_cache) == (200, b"<rss/>", False)
    assert response.content_type == "application/rss+xml"
    assert response.url == f"{arxiv.url}/rss/cs.AI"


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        (None, f"Daybook/{__version__}"),
        ("me@example.org", f"Daybook/{__version__} (mailto:me@example.org)"),
        ("https://example.org/bot", f"Daybook/{__version__} (+https://example.org/bot)"),
    ],
)
def test_it_says_who_it_is(arxiv: Loopback, fetcher, contact, expected) -> None:
    arxiv.on("/x", Answer())
    with fetcher(contact=contact) as client:
        client.get(f"{arxiv.url}/x")
    assert arxiv.requests[0].headers["user-agent"] == expected


def test_requests_are_three_seconds_apart(arxiv: Loopback, fetcher, moment: Time) -> None:
    arxiv.on("/x", Answer())
    with fetcher() as client:
        client.get(f"{arxiv.url}/x")
        assert moment.slept == []  # the first one need not wait
        client.get(f"{arxiv.url}/x")
        moment.seconds += 1
        client.get(f"{arxiv.url}/x")
        moment.seconds += 60
        client.get(f"{arxiv.url}/x")
    assert moment.slept == [3.0, 2.0]


def test_the_spacing_is_kept_in_real_time(arxiv: Loopback) -> None:
    arxiv.on("/x", Answer())
    with Fetcher(delay=0.2) as client:
        client.get(f"{arxiv.url}/x")
        started = time.monotonic()
        for _ in range(3):
            client.get(f"{arxiv.url}/x")
        assert time.monotonic() - started >= 0.55


# Conditional requests


def test_what_has_not_changed_comes_from_the_cache(arxiv: Loopback, fetcher, tmp_path) -> None:
    validators = {"ETag": '"v1"', "Last-Modified": "Mon, 05 Jan 2026 05:00:00 GMT"}
    arxiv.on(
        "/x",
        Answer(200, b"one", {**validators, "Content-Type": "text/xml"}),
        Answer(304, b"", {"Content-Encoding": "gzip"}),
    )
    with fetcher(cache=tmp_path / "cache") as client:
        first = client.get(f"{arxiv.url}/x")
    with fetcher(cache=tmp_path / "cache") as client:  # as the next run would
        second = client.get(f"{arxiv.url}/x")
    assert "if-none-match" not in arxiv.requests[0].headers
    assert arxiv.requests[1].headers["if-none-match"] == '"v1"'
    assert arxiv.requests[1].headers["if-modified-since"] == "Mon, 05 Jan 2026 05:00:00 GMT"
    assert (second.status, second.body, second.content_type) == (200, b"one", "text/xml")
    assert (first.from_cache, second.from_cache) == (False, True)


def test_what_has_changed_replaces_the_cache(arxiv: Loopback, fetcher, tmp_path) -> None:
    arxiv.on(
        "/x",
        Answer(200, b"one", {"ETag": '"v1"'}),
        Answer(200, b"two", {"ETag": '"v2"'}),
        Answer(304),
    )
    with fetcher(cache=tmp_path) as client:
        bodies = [client.get(f"{arxiv.url}/x").body for _ in range(3)]
    assert bodies == [b"one", b"two", b"two"]
    assert arxiv.requests[2].headers["if-none-match"] == '"v2"'
    assert len(list(tmp_path.iterdir())) == 1


def test_the_cache_keeps_addresses_apart(arxiv: Loopback, fetcher, tmp_path) -> None:
    arxiv.on("/a", Answer(200, b"a", {"ETag": '"1"'}), Answer(304))
    arxiv.on("/b", Answer(200, b"b\n\nb", {"ETag": '"1"'}), Answer(304))
    with fetcher(cache=tmp_path) as client:
        bodies = [client.get(f"{arxiv.url}/{name}").body for name in "abab"]
    assert bodies == [b"a", b"b\n\nb", b"a", b"b\n\nb"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: b"[]\n" + data,
        lambda data: data.replace(b"one", b"0ne"),
        lambda data: data.replace(b'"etag"', b'"gate"'),
        lambda data: b"\xff\xfe" + data,
    ],
)
def test_a_damaged_cache_file_is_thrown_away(arxiv, fetcher, tmp_path, damage, caplog) -> None:
    arxiv.on("/x", Answer(200, b"one", {"ETag": '"v1"'}))
    with fetcher(cache=tmp_path) as client:
        client.get(f"{arxiv.url}/x")
        (file,) = tmp_path.iterdir()
        file.write_bytes(damage(file.read_bytes()))
        with caplog.at_level(logging.WARNING):
            again = client.get(f"{arxiv.url}/x")
    assert (again.body, again.from_cache) == (b"one", False)
    assert "if-none-match" not in arxiv.requests[1].headers
    assert str(file) in caplog.text


@pytest.mark.parametrize(
    "etag", ['"caf\xe9"', '"\xff\x80"', '"tab\there"', 'W/"v1"', '"' + "v" * 5000 + '"']
)
def test_any_etag_that_a_server_may_send_stops_no_later_run(arxiv, fetcher, tmp_path, etag) -> None:
    arxiv.on("/x", Answer(200, b"one", {"ETag": etag}), Answer(200, b"two"))
    for body in (b"one", b"two"):
        with fetcher(cache=tmp_path) as client:
            assert client.get(f"{arxiv.url}/x").body == body


def _keep(path: Path, content: bytes) -> None:
    """Put into a file of the cache what its digest says is whole."""
    path.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)


HEAD = {"url": "http://x/", "content_type": "", "etag": '"v1"', "last_modified": ""}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({**HEAD, "etag": '"caf\xe9"'}).encode() + b"\nbody",
        json.dumps({**HEAD, "etag": "a\r\nX-Injected: 1"}).encode() + b"\nbody",
        json.dumps({**HEAD, "etag": 5}).encode() + b"\nbody",
        json.dumps({**HEAD, "etag": "\ud800"}).encode() + b"\nbody",
        json.dumps({**HEAD, "body": "x"}).encode() + b"\nbody",
        json.dumps({**HEAD, "content_type": None}).encode() + b"\nbody",
        json.dumps({"etag": '"v1"'}).encode() + b"\n",
        json.dumps([HEAD]).encode() + b"\n",
        b"",
        b"\n",
        b"null\n",
        b"[" * 100_000 + b"\n",
        b"1" * 10_000 + b"\n",
        b"\xff\xfe\n",
    ],
)
def test_whatever_is_in_the_cache_is_fetched_anew(
    arxiv, fetcher, tmp_path, content, caplog
) -> None:
    arxiv.on("/x", Answer(200, b"one", {"ETag": '"v1"'}), Answer(200, b"two", {"ETag": '"v2"'}))
    with fetcher(cache=tmp_path) as client:
        client.get(f"{arxiv.url}/x")
        (file,) = tmp_path.iterdir()
        _keep(file, content)
        assert client.get(f"{arxiv.url}/x").body == b"two"
    assert "if-none-match" not in arxiv.requests[1].headers
    assert f"Discarding a damaged cache file: {file}" in caplog.text


def test_a_folder_in_the_place_of_a_cache_file_stops_nothing(arxiv, fetcher, tmp_path, caplog):
    arxiv.on("/x", Answer(200, b"one", {"ETag": '"v1"'}))
    with fetcher(cache=tmp_path) as client:
        client.get(f"{arxiv.url}/x")
        (file,) = tmp_path.iterdir()
        file.unlink()
        file.mkdir()
        assert client.get(f"{arxiv.url}/x").body == b"one"
    assert str(file) in caplog.text


def test_nothing_is_cached_without_validators(arxiv: Loopback, fetcher, tmp_path) -> None:
    arxiv.on("/x", Answer(200, b"one"))
    with fetcher(cache=tmp_path) as client:
        client.get(f"{arxiv.url}/x")
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_cannot_be_used_is_named(arxiv: Loopback, fetcher, tmp_path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with fetcher(cache=tmp_path / "file") as client, pytest.raises(FetchError) as caught:
        client.get(f"{arxiv.url}/x")
    assert caught.value.item.startswith(str(tmp_path / "file"))


# Trying again


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again(arxiv, fetcher, moment, status: int) -> None:
    arxiv.on("/x", Answer(status), Answer(status), Answer(status), Answer(200, b"at last"))
    with fetcher() as client:
        assert client.get(f"{arxiv.url}/x").body == b"at last"
    assert moment.slept == [3.0, 6.0, 12.0]


def test_it_gives_up_after_three_more_tries(arxiv: Loopback, fetcher) -> None:
    arxiv.on("/x", Answer(503, b"<html><title>Down for\n maintenance</title>"))
    error = failure(fetcher(), f"{arxiv.url}/x")
    assert len(arxiv.requests) == 4
    assert error.why == "HTTP 503 Service Unavailable: Down for maintenance, 4 times"
    assert "status.arxiv.org" in error.todo


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 204, 300])
def test_a_refusal_is_final(arxiv: Loopback, fetcher, moment: Time, status: int) -> None:
    arxiv.on("/x", Answer(status))
    error = failure(fetcher(), f"{arxiv.url}/x")
    assert f"HTTP {status}" in error.why
    assert len(arxiv.requests) == 1
    assert moment.slept == []


def test_a_refusal_says_what_arxiv_says(arxiv: Loopback, fetcher) -> None:
    feed = b"<rss><channel><title>Feed error for query: cs.&quot;XX&quot;</title></channel></rss>"
    arxiv.on("/rss/cs.XX", Answer(400, feed))
    error = failure(fetcher(), f"{arxiv.url}/rss/cs.XX")
    assert error.why == 'HTTP 400 Bad Request: Feed error for query: cs."XX"'


def test_an_answer_not_modified_without_a_cache_is_refused(arxiv: Loopback, fetcher) -> None:
    arxiv.on("/x", Answer(304))
    assert "304" in failure(fetcher(), f"{arxiv.url}/x").why


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        (format_datetime(NOW + timedelta(seconds=40), usegmt=True), 40.0),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), 3.0),
        ("0", 3.0),
        ("soon", 3.0),
        ("-5", 3.0),
        ("", 3.0),
        ("Mon, 05 Jan 99999999999 00:00:00 GMT", 3.0),
    ],
)
def test_retry_after_is_honoured(arxiv, fetcher, moment, header: str, wait: float) -> None:
    arxiv.on("/x", Answer(429, b"", {"Retry-After": header}), Answer())
    with fetcher() as client:
        client.get(f"{arxiv.url}/x")
    assert moment.slept == [wait]


@pytest.mark.parametrize("header", ["3600", format_datetime(NOW + timedelta(hours=1), usegmt=True)])
def test_a_long_retry_after_ends_the_run_with_a_time(arxiv, fetcher, moment, header: str) -> None:
    arxiv.on("/x", Answer(503, b"", {"Retry-After": header}))
    error = failure(fetcher(), f"{arxiv.url}/x")
    assert "3600 seconds" in error.why
    assert error.todo == "Try again after 2026-01-05 07:00 UTC"
    assert moment.slept == []


def test_a_broken_off_body_is_fetched_again(arxiv: Loopback, fetcher) -> None:
    arxiv.on("/x", Answer(200, b"whole body", cut=4), Answer(200, b"whole body"))
    with fetcher() as client:
        assert client.get(f"{arxiv.url}/x").body == b"whole body"


def test_a_silent_server_runs_into_the_timeout(arxiv: Loopback, fetcher) -> None:
    arxiv.on("/x", Answer(silent=True), Answer(200, b"awake"))
    with fetcher(timeout=0.2) as client:
        assert client.get(f"{arxiv.url}/x").body == b"awake"


def test_nobody_at_the_other_end(fetcher, moment: Time) -> None:
    with Loopback() as gone:
        url = f"{gone.url}/x"
    error = failure(fetcher(), url)
    assert "ConnectError" in error.why
    assert moment.slept == [3.0, 6.0, 12.0]


# Limits


@pytest.mark.parametrize("headers", [False, True], ids=["body", "headers"])
def test_a_slow_drip_ends(arxiv: Loopback, fetcher, headers: bool) -> None:
    arxiv.on("/x", Answer(200, b"x" * 1000, drip=0.02, drip_headers=headers))
    error = failure(fetcher(deadline=0.3), f"{arxiv.url}/x")
    assert error.why == "it took longer than 0.3 seconds"
    assert len(arxiv.requests) == 1


def test_a_large_body_stops_at_the_limit(arxiv: Loopback, fetcher) -> None:
    arxiv.on("/fits", Answer(200, b"x" * 5000))
    arxiv.on("/large", Answer(200, b"x" * 5001))
    with fetcher(max_bytes=5000) as client:
        assert len(client.get(f"{arxiv.url}/fits").body) == 5000
    assert "larger than 5000 bytes" in failure(fetcher(max_bytes=5000), f"{arxiv.url}/large").why


def packed(data: bytes, **options) -> Answer:
    return Answer(200, gzip.compress(data), {"Content-Encoding": "gzip"}, **options)


def test_gzip_is_unpacked(arxiv: Loopback, fetcher) -> None:
    body = b"<rss>\xc3\xa9</rss>" * 10_000
    arxiv.on("/x", packed(body))
    with fetcher() as client:
        assert client.get(f"{arxiv.url}/x").body == body
    assert arxiv.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("end", [b"", bytes(512)])
def test_gzip_of_several_members_is_read_whole(arxiv: Loopback, fetcher, end: bytes) -> None:
    body = gzip.compress(b"one, ") + gzip.compress(b"") + gzip.compress(b"two") + end
    packed = {"Content-Encoding": "gzip"}
    arxiv.on("/x", Answer(200, body, packed))
    half = gzip.compress(b"one") + gzip.compress(b"two")[:-3]
    arxiv.on("/half", Answer(200, half, packed), Answer(200, body, packed))
    with fetcher() as client:
        assert client.get(f"{arxiv.url}/x").body == b"one, two"
        assert client.get(f"{arxiv.url}/half").body == b"one, two"


def test_members_count_together(arxiv: Loopback, fetcher) -> None:
    body = gzip.compress(bytes(600)) * 10_000
    arxiv.on("/x", Answer(200, body, {"Content-Encoding": "gzip"}))
    assert "larger than" in failure(fetcher(max_bytes=600 * 10_000 - 1), f"{arxiv.url}/x").why
    with fetcher(max_bytes=600 * 10_000) as client:
        assert client.get(f"{arxiv.url}/x").body == bytes(600 * 10_000)


def test_a_gzip_bomb_stops_at_the_limit(arxiv: Loopback, fetcher) -> None:
    bomb = packed(bytes(40 * 1024 * 1024))
    assert len(bomb.body) < 100_000
    arxiv.on("/x", bomb)
    tracemalloc.start()
    error = failure(fetcher(max_bytes=100_000), f"{arxiv.url}/x")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "larger than 100000 bytes" in error.why
    assert len(arxiv.requests) == 1
    assert peak < 10_000_000


def test_a_bomb_in_a_redirect_is_not_read(arxiv: Loopback, fetcher) -> None:
    bomb = gzip.compress(bytes(10 * 1024 * 1024))
    headers = {"Content-Encoding": "gzip", "Location": "/y"}
    arxiv.on("/x", Answer(302, bomb, headers))
    arxiv.on("/y", Answer(200, b"small"))
    with fetcher(max_bytes=1000) as client:
        assert client.get(f"{arxiv.url}/x").body == b"small"


@pytest.mark.parametrize("cut", [0, 10, -1])
def test_damaged_gzip_is_fetched_again(arxiv: Loopback, fetcher, cut: int) -> None:
    whole = packed(b"whole body")
    arxiv.on("/x", Answer(200, whole.body[:cut], whole.headers), whole)
    with fetcher() as client:
        assert client.get(f"{arxiv.url}/x").body == b"whole body"


def test_what_only_claims_to_be_gzip_is_an_error(arxiv: Loopback, fetcher) -> None:
    arxiv.on("/x", Answer(200, b"plain", {"Content-Encoding": "gzip"}))
    assert "damaged gzip" in failure(fetcher(), f"{arxiv.url}/x").why


@pytest.mark.parametrize("packing", ["br", "zstd", "gzip, gzip", "deflate"])
def test_packing_that_was_not_asked_for_is_refused(arxiv: Loopback, fetcher, packing: str) -> None:
    arxiv.on("/x", Answer(200, b"...", {"Content-Encoding": packing}))
    assert packing in failure(fetcher(), f"{arxiv.url}/x").why


# Redirects


def test_redirects_are_followed_at_the_same_pace(arxiv: Loopback, fetcher, moment: Time) -> None:
    arxiv.on("/a", Answer(301, b"", {"Location": "/b"}))
    arxiv.on("/b", Answer(302, b"", {"Location": f"{arxiv.url}/c"}))
    arxiv.on("/c", Answer(200, b"there"))
    with fetcher() as client:
        response = client.get(f"{arxiv.url}/a")
    assert (response.body, response.url) == (b"there", f"{arxiv.url}/c")
    assert moment.slept == [3.0, 3.0]


def test_redirects_in_a_circle_end(arxiv: Loopback, fetcher) -> None:
    arxiv.on("/a", Answer(302, b"", {"Location": "/a"}))
    assert "more than 5 redirects" in failure(fetcher(), f"{arxiv.url}/a").why
    assert len(arxiv.requests) == 6


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x"])
def test_redirects_stay_on_http(arxiv: Loopback, fetcher, target: str) -> None:
    arxiv.on("/a", Answer(302, b"", {"Location": target}))
    assert "protocol" in failure(fetcher(), f"{arxiv.url}/a").why


@pytest.mark.parametrize(
    "target",
    [
        *("data:x", "http://a..b/", "http://xn--/", "http://[::1", "http:///x", "//", "mailto:x"),
        *("http://xn--a/", "http://\xe9/", "http://" + "a" * 70 + "/", "http://a:99999/", "http:"),
        *(
            "https://example.org/",
            "http://localhost:1/",
            "http://[::1]:1/",
            "http://169.254.169.254/",
        ),
        *("http://arxiv.org.example/", "http://arxiv.org@example.org/", "http://0x7f.1/", "?", "#"),
        *("http://127.0.0.1:1/", "https://arxiv.org:8443/", "http://notarxiv.org/", "\xff\xfe", ""),
    ],
)
def test_wherever_a_redirect_leads_one_download_fails(arxiv, fetcher, target: str) -> None:
    arxiv.on("/a", Answer(302, b"", {"Location": target}))
    arxiv.on_prefix("/", lambda path: Answer(404))
    failure(fetcher(), f"{arxiv.url}/a")


@pytest.mark.parametrize(
    ("asked", "target", "allowed"),
    [
        ("https://rss.arxiv.org/rss/cs.AI", "https://export.arxiv.org/rss/cs.AI", True),
        ("http://arxiv.org/pdf/1", "https://arxiv.org/pdf/1", True),
        ("https://arxiv.org/html/1", "https://ARXIV.org./html/1v1", True),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/b", True),
        ("http://mirror.example/a", "https://mirror.example/a", True),
        ("http://mirror.example/a", "https://arxiv.org/a", True),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8001/a", False),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1/a", False),
        ("https://arxiv.org/a", "https://arxiv.org:22/a", False),
        ("https://arxiv.org/a", "https://evil.example/arxiv.org", False),
        ("https://arxiv.org/a", "https://arxiv.org.evil.example/", False),
        ("https://arxiv.org/a", "https://evilarxiv.org/", False),
        ("https://arxiv.org/a", "https://arxiv.org@evil.example/", False),
        ("https://arxiv.org/a", "http://169.254.169.254/latest/meta-data", False),
    ],
)
def test_a_redirect_leads_to_the_same_server_or_to_arxiv(asked, target, allowed) -> None:
    assert may_lead_to(httpx2.URL(target), httpx2.URL(asked)) is allowed


@pytest.mark.parametrize(
    ("address", "own"),
    [
        *((address, True) for address in ("127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1")),
        *((address, True) for address in ("169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1")),
        *((address, True) for address in ("::1", "fe80::1%eth0", "fd00::1", "::", "ff02::1")),
        *((address, True) for address in ("fec0::1", "64:ff9b:1::1", "::127.0.0.1", "2001:db8::1")),
        *((address, True) for address in ("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::")),
        *((address, False) for address in ("151.101.3.42", "2a04:4e42::298", "198.18.0.7")),
        *((address, False) for address in ("::ffff:151.101.3.42", "64:ff9b::9765:32a")),
    ],
)
def test_which_addresses_are_one_s_own(address: str, own: bool) -> None:
    assert is_own_network(address) is own


@pytest.mark.parametrize("target", ["127.0.0.1", "localhost"])
def test_a_name_of_arxiv_that_leads_home_is_not_asked(arxiv, fetcher, monkeypatch, target) -> None:
    """Who can change a name's address, or gives one a short life, leads nobody into a network."""
    real = socket.getaddrinfo
    port = int(arxiv.url.rpartition(":")[2])

    def resolve(host, wanted, *rest, **options):
        if host == "static.arxiv.org":
            host, wanted = target, port
        return real(host, wanted, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    arxiv.on("/a", Answer(302, b"", {"Location": "http://static.arxiv.org/b"}))
    error = failure(fetcher(), f"{arxiv.url}/a")
    assert "static.arxiv.org, which is 127.0.0.1, in a network of one's own" in error.why
    assert [request.path for request in arxiv.requests] == ["/a"]


def test_a_cookie_is_not_sent_back(arxiv: Loopback, fetcher) -> None:
    arxiv.on("/x", Answer(200, b"", {"Set-Cookie": "who=you; Path=/"}))
    with fetcher() as client:
        client.get(f"{arxiv.url}/x")
        client.get(f"{arxiv.url}/x")
    assert "cookie" not in arxiv.requests[1].headers


def test_a_title_moves_no_cursor(arxiv: Loopback, fetcher) -> None:
    arxiv.on("/x", Answer(404, b"<title>a\x1b[2J&#27;[31m\xc2\x9bb</title>"))
    assert failure(fetcher(), f"{arxiv.url}/x").why == "HTTP 404 Not Found: a [2J[31m b"


# Whatever goes wrong in the library

# Every class of httpx2, and how often an address is asked that raises it. A new one fails the test.
TRIES = {
    "HTTPError": 4,
    **{"InvalidURL": 1, "CookieConflict": 1, "HTTPStatusError": 1, "TooManyRedirects": 1},
    **{"StreamError": 1, "StreamConsumed": 1, "StreamClosed": 1},
    **{"ResponseNotRead": 1, "RequestNotRead": 1, "RequestError": 4, "DecodingError": 1},
    **{"TransportError": 4, "SSEError": 4, "ProxyError": 4, "UnsupportedProtocol": 1},
    **{"ProtocolError": 4, "LocalProtocolError": 1, "RemoteProtocolError": 4},
    **{"TimeoutException": 4, "ConnectTimeout": 4, "ReadTimeout": 4},
    **{"WriteTimeout": 4, "PoolTimeout": 4, "NetworkError": 4, "ConnectError": 4},
    **{"ReadError": 4, "WriteError": 4, "CloseError": 4},
    **{"UnicodeError": 1, "OverflowError": 1},  # Python's own, of host names and ports
}


def _exceptions(module: ModuleType) -> dict[str, type[Exception]]:
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Exception)
    }


def test_every_exception_of_the_library_is_known() -> None:
    assert set(_exceptions(httpx2)) == TRIES.keys() - _exceptions(builtins).keys()
    # httpx2 hands on those of httpcore2 under its own names, but for this one, which it handles.
    mapped = httpx2._transports.default._load_httpcore_exceptions()
    assert set(_exceptions(httpcore2).values()) - set(mapped) == {httpcore2.ConnectionNotAvailable}


@pytest.mark.parametrize("name", TRIES)
def test_whatever_the_library_raises_one_download_fails(fetcher, monkeypatch, name: str) -> None:
    kind = {**_exceptions(builtins), **_exceptions(httpx2)}[name]
    request = httpx2.Request("GET", "http://127.0.0.1/")
    needed = inspect.signature(kind).parameters if kind.__module__ != "builtins" else {}
    given = {"request": request, "response": httpx2.Response(200, request=request)}
    error = kind(
        *([] if {"message"}.isdisjoint(needed) else ["told"]),
        **{key: given[key] for key in given.keys() & needed.keys()},
    )
    tried = []

    def fail(self: object, request: httpx2.Request) -> None:
        tried.append(request.url)
        raise error

    monkeypatch.setattr(httpx2.HTTPTransport, "handle_request", fail)
    assert failure(fetcher(), "http://127.0.0.1/").why
    assert len(tried) == TRIES[name]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/x", "cs.AI", "", "http://[::1", "http://"]
)
def test_other_addresses_are_refused_at_once(fetcher, moment: Time, url: str) -> None:
    with fetcher() as client, pytest.raises(FetchError) as caught:
        client.get(url)
    assert caught.value.item == url
    assert moment.slept == []


def test_messages_are_whole_sentences(arxiv: Loopback, fetcher) -> None:
    error = failure(fetcher(), f"{arxiv.url}/nowhere")
    assert re.fullmatch(
        r"Download refused: http://127\.0\.0\.1:\d+/nowhere: HTTP 404 Not Found: Not here\. "
        r"Check the address",
        str(error),
    )
