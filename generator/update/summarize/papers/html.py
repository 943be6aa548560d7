"""A paper's text from arXiv's HTML, which LaTeXML makes of the authors' TeX. Pure.

The class names are LaTeXML's (https://math.nist.gov/~BMiller/LaTeXML/manual/). The page is
untrusted: only its text is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from generator.update.summarize.papers.document import (
    Document,
    PaperSection,
    clean_characters,
    no_text,
)

# A page with less text is the ruin of a conversion; the PDF has more.
_MIN_CHARACTERS = 2000

# arXiv serves these with status 200; the second stands above what was converted before it failed.
_FAILURES = re.compile(
    r"No HTML for '[^']*'|HTML is not available for the source"
    r"|Conversion to HTML had a Fatal error"
)
_TOP = {"ltx_section", "ltx_chapter", "ltx_appendix", "ltx_abstract", "ltx_acknowledgements"}
_DROPPED = {
    *("ltx_ERROR", "ltx_TOC", "ltx_authors", "ltx_bibliography", "ltx_dates", "ltx_index"),
    *("ltx_listing_data", "ltx_missing_image", "ltx_note_mark", "ltx_page_footer"),
    *("ltx_page_header", "ltx_page_navbar", "ltx_tag_note", "ltx_title_document"),
}
_DROPPED_TAGS = {"script", "style", "noscript", "template", "svg", "button", "nav", "img", "iframe"}
_BLOCK_TAGS = {
    *("article", "section", "main", "aside", "div", "p", "pre", "blockquote", "figure"),
    *("figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "ul", "li", "dl", "dt", "dd"),
    *("table", "tr"),
}
_BLOCK_CLASSES = {"ltx_p", "ltx_para", "ltx_caption", "ltx_listingline", "ltx_item"}
_REFERENCES = re.compile(r"(?:[\dIVX]+\.?\s+)?(?:references|bibliography)", re.IGNORECASE)
# What lxml raises besides its own: ValueError for characters that XML cannot hold.
_UNREADABLE = (etree.Error, ValueError, AssertionError, LookupError, RecursionError)
_BULLET = re.compile(r"[•∙·▪◦‣–*-]?")


def parse_html(data: bytes, *, name: str = "HTML page") -> Document:
    """Read one of arXiv's HTML papers. Raises PaperError where it is none, or has hardly any text.

    References, authors and navigation are left out; formulas are TeX between dollar signs, table
    rows have ``|`` between their cells. ``name`` is what error messages call the page.
    """
    try:
        root = _root(data, name)
        title = next((_line(found) for found in _with_class(root, "ltx_title_document")), "")
        authors = bool(_with_class(root, "ltx_authors"))
        lists = [" ".join(found.itertext()) for found in _with_class(root, "ltx_bibliography")]
        _prepare(root)
        read = _HtmlReader().read(root)
    except _UNREADABLE as error:
        raise no_text("HTML", name, f"it cannot be read as HTML ({error})") from error
    # An ordinary section may hold them, too.
    lists += [section.text for section in read if _REFERENCES.fullmatch(section.title)]
    sections = [section for section in read if not _REFERENCES.fullmatch(section.title)]
    words = sum(len(text.split()) for text in lists)
    if sum(len(section.text) for section in sections) < _MIN_CHARACTERS:
        raise no_text("HTML", name, "there is hardly any text in it")
    omitted = ["authors"] * authors + [f"references ({words} words)"] * bool(words)
    return Document(tuple(sections), "html", title=title, omitted=tuple(omitted))


def _root(data: bytes, name: str) -> etree._Element:
    # Decoded here, since libxml2 stops at the first byte that is no UTF-8.
    text = data.decode("utf-8", "replace").replace("\0", "")
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    page = html.document_fromstring(text.encode(), parser=parser)
    if any("depth" in entry.message for entry in parser.error_log):
        raise no_text("HTML", name, "its elements are nested too deeply")
    if found := _FAILURES.search(text):
        raise no_text("HTML", name, f"it says {found[0]!r}")
    root = next((element for element in page.iter() if "ltx_document" in _classes(element)), None)
    if root is None:
        raise no_text("HTML", name, "it is some other page")
    return root


def _prepare(root: etree._Element) -> None:
    """Reduce the tree to text: what is not wanted goes, formulas, notes and tables become text."""
    for element in list(root.iterdescendants()):
        if element.tag in _DROPPED_TAGS or _classes(element) & _DROPPED:
            element.drop_tree()
    for edge in root.iterdescendants("br", "td", "th"):
        edge.tail = clean_characters(f" {edge.tail or ''}")
    for formula in list(root.iterdescendants("math")):
        tex = _tex(formula)
        formula.clear(keep_tail=True)
        formula.text = f"${tex}$" if tex else ""
    for note in _with_class(root, "ltx_role_footnote"):
        if text := _line(note):
            note.clear(keep_tail=True)
            note.text = f" (Footnote: {text})"
    # Inner tables first: they are line breaks within a cell.
    for table in reversed(list(_with_class(root, "ltx_tabular"))):
        inner = any("ltx_tabular" in _classes(parent) for parent in table.iterancestors())
        rows = [" | ".join(cells) for cells in _rows(table) if any(cells)]
        table.clear(keep_tail=True)
        table.tag = "span" if inner else "pre"
        table.text = (" " if inner else "\n").join(rows)


def _tex(formula: etree._Element) -> str:
    source = formula.get("alttext") or next(
        (note.text for note in formula.iter("annotation") if note.text), None
    )
    if source is None:
        return _line(formula)
    # LaTeXML breaks long formulas with a comment sign at the line's end.
    source = re.sub(r"(?<!\\)%\s*\n\s*", "", source)
    return _tidy(source.removeprefix(r"\displaystyle"))


def _rows(table: etree._Element) -> Iterator[list[str]]:
    for row in table.iterdescendants():
        if row.tag == "tr" or "ltx_tr" in _classes(row):
            yield [
                _line(cell)
                for cell in row.iterchildren()
                if cell.tag in ("td", "th") or _classes(cell) & {"ltx_td", "ltx_th"}
            ]


def _with_class(root: etree._Element, name: str) -> list[etree._Element]:
    return [element for element in root.iterdescendants() if name in _classes(element)]


def _classes(element: etree._Element) -> set[str]:
    return set((element.get("class") or "").split())


def _line(element: etree._Element) -> str:
    return _tidy("".join(element.itertext()))


def _tidy(text: str) -> str:
    return " ".join(clean_characters(text).split())


@dataclass(slots=True, eq=False)
class _OpenSection:
    """A section that is being read."""

    element: etree._Element | None
    title: str
    appendix: bool = False
    paragraphs: list[str] = field(default_factory=list)


class _HtmlReader:
    """Goes through the tree once, without recursion: a page may be nested deeply."""

    def __init__(self) -> None:
        self._sections: list[_OpenSection] = []
        self._stack: list[_OpenSection] = []
        self._words: list[str] = []
        self._lead = ""

    def read(self, root: etree._Element) -> list[PaperSection]:
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                self._start(element)
                self._words.append(element.text or "")
            else:
                self._end(element)
                if element is not root:
                    self._words.append(element.tail or "")
        self._flush()
        return [
            PaperSection(section.title, text, section.appendix)
            for section in self._sections
            if (text := "\n\n".join(section.paragraphs)) or section.title
        ]

    def _start(self, element: etree._Element) -> None:
        classes = _classes(element)
        if _is_block(element, classes):
            self._flush()
        own = classes & {"ltx_abstract", "ltx_acknowledgements"}
        # A section may stand in another one's figure, where its authors left a box open.
        if own or classes & _TOP:
            title = own.pop().removeprefix("ltx_").title() if own else ""
            section = _OpenSection(element, title, appendix="ltx_appendix" in classes)
            self._sections.append(section)
            self._stack.append(section)
        elif "ltx_tag_item" in classes:
            self._flush()

    def _end(self, element: etree._Element) -> None:
        classes = _classes(element)
        if "ltx_tag_item" in classes:
            mark = self._take()
            self._lead = "- " if _BULLET.fullmatch(mark) else f"{mark} "
        elif "ltx_title" in classes:
            self._title(element, classes, self._take())
        elif element.tag == "pre":
            lines = clean_characters("".join(self._words)).split("\n")
            self._words.clear()
            self._add("\n".join(" ".join(line.split()) for line in lines).strip())
        elif _is_block(element, classes):
            self._flush()
        if self._stack and self._stack[-1].element is element:
            self._flush()
            self._stack.pop()

    def _title(self, element: etree._Element, classes: set[str], title: str) -> None:
        section = self._stack[-1] if self._stack else None
        if section and section.element is element.getparent():
            section.title = section.title or title
        elif "ltx_title_subsection" in classes or "ltx_title_subsubsection" in classes:
            self._add(f"### {title}" if title else "")
        elif title:  # of a theorem or a paragraph: it stands in the text's first line
            self._lead = f"{title} " if title.endswith((".", ":")) else f"{title}. "

    def _flush(self) -> None:
        self._add(self._take())

    def _take(self) -> str:
        text = _tidy("".join(self._words))
        self._words.clear()
        return text

    def _add(self, paragraph: str) -> None:
        if not paragraph:
            return
        if not self._stack and not (self._sections and self._sections[-1].element is None):
            self._sections.append(_OpenSection(None, ""))
        section = self._stack[-1] if self._stack else self._sections[-1]
        section.paragraphs.append(self._lead + paragraph)
        self._lead = ""


def _is_block(element: etree._Element, classes: set[str]) -> bool:
    return element.tag in _BLOCK_TAGS or bool(classes & _BLOCK_CLASSES)
