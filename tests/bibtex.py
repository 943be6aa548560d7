"""BibTeX as other programs read it: bibtexparser, and BibTeX's own rule of counting braces."""

from __future__ import annotations

from bibtexparser.bibdatabase import BibDatabase
from bibtexparser.bparser import BibTexParser

# To make one takes as long as to read a hundred entries.
_PARSER = BibTexParser(ignore_nonstandard_types=False, common_strings=False)
_PARSER.expect_multiple_parse = True


def bibtex_entries(text: str) -> list[dict[str, str]]:
    """The entries of a file, with no character between them; two parsers must agree."""
    _PARSER.bib_database = BibDatabase()
    database = _PARSER.parse(text)
    assert database.comments == []
    assert database.preambles == []
    assert dict(database.strings) == {}
    assert len(database.entries) == _count_entries(text)
    return list(database.entries)


def _count_entries(text: str) -> int:
    """By braces alone, escaped or not, as BibTeX does (https://mirrors.ctan.org/biblio/bibtex/base/bibtex.web)."""
    count = depth = 0
    for line in text.split("\n"):
        if depth == 0:
            assert line == "" or line.startswith("@misc{arXiv:"), line
            count += bool(line)
        else:
            assert line == "}" or line.startswith("  "), line
        depth += line.count("{") - line.count("}")
        assert depth in (0, 1), line
    assert depth == 0
    return count
