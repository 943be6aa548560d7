"""Every failure that Daybook reports, and nothing that it does not.

    DaybookError
    ├── ConfigError    daybook.yml, environment or command line: the operator mends it
    ├── InputError     bytes from outside are not what they claim to be
    │   ├── FeedError      an arXiv feed or API answer
    │   │   └── QueryError     arXiv's API says that it was asked the wrong thing
    │   ├── ReadmeError    a snapshot of the predecessor's README
    │   ├── IdError        an arXiv identifier
    │   └── PaperError     a paper's HTML or PDF: no text can be had from it
    ├── FetchError     the network, or the server at its other end
    │   ├── MissingError   the server answers, and has no such thing (404, 410)
    │   └── TooLargeError  the answer is larger than what is read
    ├── ModelError     the language model's server as a whole: nothing can be asked of it
    ├── StoreError     data/ is damaged, or cannot be written
    └── BuildError     pages or site: a path written twice, a broken link, MkDocs' own failure

A message always says what failed, which item, why, and what to do about it, in this order.
Exit codes belong to ``cli``; nothing here knows them.
"""

from __future__ import annotations


class DaybookError(Exception):
    """A failure with a message for the operator.

    ``what`` failed (a few words), ``item`` is the file, URL, id or option concerned, ``why`` is the
    cause, ``todo`` is what the operator can do. ``str()`` joins them into one line.
    """

    def __init__(self, what: str, *, item: str, why: str, todo: str) -> None:
        super().__init__(what, item, why, todo)
        self.what = what
        self.item = item
        self.why = why
        self.todo = todo

    def __str__(self) -> str:
        return f"{self.what}: {self.item}: {self.why}. {self.todo}"

    def __reduce__(self) -> tuple[object, ...]:
        # Worker processes hand errors over as pickles, which know nothing of named arguments.
        return _again, (type(self), self.what, self.item, self.why, self.todo)


def _again(kind: type[DaybookError], what: str, item: str, why: str, todo: str) -> DaybookError:
    return kind(what, item=item, why=why, todo=todo)


class ConfigError(DaybookError):
    """The configuration or the command line is wrong."""


class InputError(DaybookError):
    """Input from outside is not what it claims to be."""


class FeedError(InputError):
    """A feed or API answer cannot be read."""


class QueryError(FeedError):
    """arXiv's API understood a query, and refuses it."""


class ReadmeError(InputError):
    """A file is no README of the predecessor, or is broken off."""


class IdError(InputError):
    """A text is no arXiv identifier."""


class PaperError(InputError):
    """A paper's HTML or PDF is not what it claims to be, or has no text."""


class FetchError(DaybookError):
    """A download failed for good."""


class MissingError(FetchError):
    """The server has nothing under this address."""


class TooLargeError(FetchError):
    """An answer is larger than the limit: it will be so the next time, too."""


class ModelError(DaybookError):
    """The language model cannot be asked at all: its server is down, or answers nobody."""


class StoreError(DaybookError):
    """The data store is damaged or cannot be read or written."""


class BuildError(DaybookError):
    """The pages or the site cannot be built."""
