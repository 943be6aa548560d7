"""Downloads kept on disk with the validators that let a server answer "not modified".

One file per URL: a line of JSON (what RFC 9110 needs to ask again, and a digest), then the body.
It is a cache: every file may be deleted at any time, and a damaged one is no failure.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from generator.core.errors import FetchError

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A download: where redirects led, what came, and the validators it came with ("" for none).

    ``from_cache``: the server says that it has not changed.
    """

    url: str
    body: bytes
    content_type: str
    etag: str
    last_modified: str
    status: int = HTTPStatus.OK
    from_cache: bool = False

    @property
    def validators(self) -> dict[str, str]:
        """The headers of a conditional request (RFC 9110, section 13.1)."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


def load(folder: Path, url: str) -> Response | None:
    """Return what is kept of a URL, or None where that is nothing; a damaged file is deleted.

    Raises FetchError where the folder cannot be used.
    """
    path = _path(folder, url)
    try:
        head, _, body = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        fields = json.loads(head)
        if fields.pop("sha256") == hashlib.sha256(body).hexdigest():
            return Response(body=body, from_cache=True, **fields)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        _LOGGER.debug("%s: %s", path, error)
    _LOGGER.warning("Discarding a damaged cache file: %s", path)
    path.unlink(missing_ok=True)
    return None


def save(folder: Path, url: str, response: Response) -> None:
    """Keep the answer of a URL in the place of the one before it, in one step.

    Raises FetchError where the folder cannot be used.
    """
    fields = {
        "url": response.url,
        "content_type": response.content_type,
        "etag": response.etag,
        "last_modified": response.last_modified,
        "sha256": hashlib.sha256(response.body).hexdigest(),
    }
    path = _path(folder, url)
    temporary = path.with_suffix(".new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(json.dumps(fields, sort_keys=True).encode() + b"\n" + response.body)
        temporary.replace(path)
    except OSError as error:
        raise _unusable(path, error) from error


def _path(folder: Path, url: str) -> Path:
    return folder / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.cached"


def _unusable(path: Path, error: OSError) -> FetchError:
    return FetchError(
        "The download cache cannot be used",
        item=str(path),
        why=error.strerror or str(error),
        todo="Make the folder writable, or delete it",
    )
