"""arXiv's HTML of papers: what a model gets to read of it, and pages that are no papers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from generator.core.errors import PaperError
from generator.update.summarize.papers import html
from generator.update.summarize.papers.document import Document
from generator.update.summarize.papers.html import parse_html

FILLER = "This sentence of the sample paper is only there to make it long enough. " * 30


def page(body: str, *, filler: bool = True) -> bytes:
    """A page as LaTeXML makes it and arXiv serves it, around this body."""
    long = f'<div class="ltx_para"><p class="ltx_p">{FILLER}</p></div>' if filler else ""
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta content="text/html; charset=utf-8" http-equiv="content-type"/>
<title>A Sample Paper</title><script>var leak = "SCRIPT";</script></head>
<body><nav class="ltx_page_navbar"><nav class="ltx_TOC"><ol class="ltx_toclist">
<li class="ltx_tocentry ltx_tocentry_section">1 Introduction NAVIGATION</li></ol></nav></nav>
<div class="ltx_page_main"><div class="ltx_page_content">
<article class="ltx_document ltx_authors_1line">
<h1 class="ltx_title ltx_title_document">A Sample Paper that Nobody Wrote</h1>
<div class="ltx_authors"><span class="ltx_creator ltx_role_author">
<span class="ltx_personname">Ada AUTHOR</span></span></div>
<div class="ltx_abstract"><h6 class="ltx_title ltx_title_abstract">Abstract</h6>
<p class="ltx_p" id="id1.id1">We present <em class="ltx_emph">a sample</em>.</p></div>
{body}{long}
</article></div><footer class="ltx_page_footer"><div class="ltx_page_logo">FOOTER</div></footer>
</div><button class="report">BUTTON</button></body></html>""".encode()


def section(title: str, *paragraphs: str, kind: str = "section", tag: str = "1") -> str:
    """A section with paragraphs that are HTML."""
    inner = "".join(
        f'<div class="ltx_para" id="S1.p{n}"><p class="ltx_p">{p}</p></div>'
        for n, p in enumerate(paragraphs)
    )
    return (
        f'<section class="ltx_{kind}" id="S1"><h2 class="ltx_title ltx_title_{kind}">'
        f'<span class="ltx_tag ltx_tag_{kind}">{tag} </span>{title}</h2>\n{inner}</section>'
    )


def texts(document: Document) -> dict[str, str]:
    return {part.title: part.text for part in document.sections}


def body_of(html: str) -> str:
    """What becomes of this HTML within a section's paragraph."""
    return texts(parse_html(page(section("Body", html))))["1 Body"]


@pytest.mark.parametrize("code", [1, 8, 11, 31, 127, 0xD800, 0xFFFE, 0xFFFF, 0x10FFFF])
@pytest.mark.parametrize(
    "form",
    [
        '<math alttext="a{}b"><mi>a</mi></math>',
        '<math><annotation encoding="application/x-tex">a{}b</annotation></math>',
        "<math><mi>a{}b</mi></math>",
        "<br/>a{}b",
        '<span class="ltx_role_footnote">a{}b</span>',
        '<table class="ltx_tabular"><tr><td>a{}b</td></tr></table>',
        '<p class="ltx_p{}">ab</p>',
    ],
)
def test_any_character_may_stand_in_a_paper(form: str, code: int) -> None:
    raw = chr(code).encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    for written in (f"&#{code};", f"&#x{code:x};", raw):
        assert re.search(r"a.{0,3}b", body_of(form.format(written)))


def test_every_exception_of_the_reader_is_known() -> None:
    kinds = [kind for name, kind in vars(etree).items() if not name.startswith("_")]
    raised = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Exception)]
    assert raised
    for kind in raised:
        assert issubclass(kind, html._UNREADABLE), kind


def test_a_paper_is_read_by_its_sections() -> None:
    document = parse_html(
        page(
            section("Introduction", "First paragraph.", "Second one,\n with  a line end.")
            + section(
                "Method",
                "Above.",
                '</p></div><section class="ltx_subsection"><h3 class="ltx_title '
                'ltx_title_subsection"><span class="ltx_tag">2.1 </span>Setup</h3>'
                '<div class="ltx_para"><p class="ltx_p">Below.</p></div></section><div><p>',
                tag="2",
            )
            + '<div class="ltx_acknowledgements"><h6 class="ltx_title '
            'ltx_title_acknowledgements">Acknowledgments.</h6>We thank nobody.</div>'
            + '<section class="ltx_bibliography" id="bib"><h2 class="ltx_title '
            'ltx_title_bibliography">References</h2><ul class="ltx_biblist">'
            '<li class="ltx_bibitem">A. CITED.</li></ul></section>'
            + section("Proofs", "It is so.", kind="appendix", tag="Appendix A")
        )
    )
    read = texts(document)
    assert list(read) == [
        "Abstract",
        "1 Introduction",
        "2 Method",
        "Acknowledgements",
        "Appendix A Proofs",
        "",
    ]
    assert read["Abstract"] == "We present a sample."
    assert read["1 Introduction"] == "First paragraph.\n\nSecond one, with a line end."
    assert read["2 Method"] == "Above.\n\n### 2.1 Setup\n\nBelow."
    assert read["Acknowledgements"] == "We thank nobody."
    assert [part.title for part in document.sections if part.appendix] == ["Appendix A Proofs"]
    everything = str(document)
    for noise in ("CITED", "SCRIPT", "NAVIGATION", "AUTHOR", "FOOTER", "BUTTON"):
        assert noise not in everything


def test_references_that_are_an_ordinary_section_go_too() -> None:
    document = parse_html(page(section("Introduction", "Text.") + section("References", "[1] A.")))
    assert "1 References" not in texts(document)
    assert document.omitted == ("authors", "references (2 words)")


def test_acknowledgements_within_a_section_stand_for_themselves() -> None:
    thanks = '</p></div><div class="ltx_acknowledgements">We thank nobody.</div><div><p>After.'
    read = texts(parse_html(page(section("Conclusion", "Before.", thanks))))
    assert read["1 Conclusion"] == "Before.\n\nAfter."
    assert read["Acknowledgements"] == "We thank nobody."


def test_a_section_within_a_figure_is_a_section() -> None:
    """Where authors leave a box open, LaTeXML nests what follows in the figure's panel."""
    nested = section("Results", "They are good.", tag="2")
    panel = f'<figure class="ltx_figure"><div class="ltx_flex_cell">{nested}</div></figure>'
    page_ = page(section("Method", "Before.", f"</p></div>{panel}<div><p>After."))
    read = texts(parse_html(page_))
    assert read["1 Method"] == "Before.\n\nAfter."
    assert read["2 Results"] == "They are good."


def test_what_a_page_has_besides_its_sections_is_told() -> None:
    references = '<section class="ltx_bibliography"><h2>References</h2><p>A. CITED.</p></section>'
    document = parse_html(page(section("Introduction", "Text.") + references))
    assert document.title == "A Sample Paper that Nobody Wrote"
    assert document.omitted == ("authors", "references (3 words)")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            r'a <math alttext="\displaystyle x^{2}" class="ltx_Math" display="inline"><semantics>'
            r'<msup><mi>x</mi><mn>2</mn></msup><annotation encoding="application/x-tex">x^{2}'
            r"</annotation></semantics></math>-test",
            r"a $x^{2}$-test",
        ),
        ('<math alttext="a%\n+b"><mi>a</mi></math>', "$a+b$"),
        ("<math><mi>a</mi><mo>+</mo><mi>b</mi></math>", "$a+b$"),
        ('<math alttext="&lt;script&gt;"></math>.', "$<script>$."),
        ('<span class="ltx_ERROR undefined">\\faStar</span>4.7', "4.7"),
        (
            'said<span class="ltx_note ltx_role_footnote"><sup class="ltx_note_mark">1</sup>'
            '<span class="ltx_note_outer"><span class="ltx_note_content"><sup class='
            '"ltx_note_mark">1</sup><span class="ltx_tag ltx_tag_note">1</span>By us.</span></span>'
            "</span> so",
            "said (Footnote: By us.) so",
        ),
        ('see <cite class="ltx_cite">[<a class="ltx_ref" href="#b">3</a>]</cite>.', "see [3]."),
        ("a&nbsp;b &amp; c<br>d", "a b & c d"),
        ("hid\u200bden\u202e \U000e0041text", "hidden text"),
        ("a <!-- comment -->b", "a b"),
        ('a<svg><text>picture</text></svg><img alt="x"> b', "a b"),
    ],
)
def test_text_within_a_paragraph(html: str, text: str) -> None:
    assert body_of(html) == text


def test_displayed_formulas_stand_alone() -> None:
    row = (
        '<tr class="ltx_equation ltx_eqn_row"><td class="ltx_eqn_cell"><math alttext="y=x" '
        'display="block"><mi>y</mi></math></td><td class="ltx_eqn_cell">(1)</td></tr>'
    )
    html = (
        f'Before</p><table class="ltx_equation ltx_eqn_table"><tbody>{row}</tbody></table><p>after'
    )
    assert body_of(html) == "Before\n\n$y=x$ (1)\n\nafter"


@pytest.mark.parametrize("form", ["table", "span"])
def test_tables_keep_their_rows_and_captions(form: str) -> None:
    tags = ("table", "tr", "td", "th") if form == "table" else ("span",) * 4
    table, tr, td, th = tags
    html = f"""</p></div><figure class="ltx_table"><figcaption class="ltx_caption">
<span class="ltx_tag ltx_tag_table">Table 1: </span>Results.</figcaption>
<{table} class="ltx_tabular">
<{tr} class="ltx_tr"><{th} class="ltx_td ltx_th">Method</{th}><{th} class="ltx_td ltx_th">
<{table} class="ltx_tabular"><{tr} class="ltx_tr"><{td} class="ltx_td">Error</{td}></{tr}>
<{tr} class="ltx_tr"><{td} class="ltx_td">in %</{td}></{tr}></{table}></{th}></{tr}>
<{tr} class="ltx_tr"><{td} class="ltx_td"></{td}><{td} class="ltx_td"></{td}></{tr}>
<{tr} class="ltx_tr"><{td} class="ltx_td">Ours</{td}><{td} class="ltx_td">
<span class="ltx_text ltx_font_bold">3.1</span></{td}></{tr}>
</{table}></figure><div><p>"""
    assert body_of(html) == "Table 1: Results.\n\nMethod | Error in %\nOurs | 3.1"


def test_lists_theorems_and_listings() -> None:
    html = """</p><ul class="ltx_itemize"><li class="ltx_item"><span class="ltx_tag ltx_tag_item">•
</span><div class="ltx_para"><p class="ltx_p">One.</p></div></li><li class="ltx_item">
<span class="ltx_tag ltx_tag_item">(ii)</span><div class="ltx_para"><p class="ltx_p">Two.</p></div>
</li></ul><div class="ltx_theorem"><h6 class="ltx_title ltx_runin ltx_title_theorem">
<span class="ltx_tag ltx_tag_theorem">Theorem 1</span></h6><div class="ltx_para">
<p class="ltx_p">It holds.</p></div></div><div class="ltx_listing"><div class="ltx_listing_data">
<a href="data:text/plain;base64,AAAA">DOWNLOAD</a></div><div class="ltx_listingline">x = 1</div>
<div class="ltx_listingline">y = 2</div></div><p>"""
    assert body_of(html) == "- One.\n\n(ii) Two.\n\nTheorem 1. It holds.\n\nx = 1\n\ny = 2"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it cannot be read as HTML"),
        (b"\x00\x01\x02", "some other page"),
        (b"%PDF-1.5\n...", "some other page"),
        (b"<html><head><title>404 Not Found</title></head><body>Gone</body></html>", "some other"),
        (
            b"<html><body><h1>No HTML for '2601.00001v1'</h1><p>HTML is not available for the "
            b"source.</p></body></html>",
            "No HTML for '2601.00001v1'",
        ),
        (
            page('<div class="ltx_para"><span class="ltx_ERROR">Conversion to HTML had a Fatal '
                 "error and exited abruptly.</span></div>"),
            "Fatal error",
        ),
        (page(section("Introduction", "Short."), filler=False), "hardly any text"),
        (page("<i>" * 5000 + "deep"), "nested too deeply"),
    ],
    ids=["empty", "bytes", "PDF", "404", "no HTML", "fatal", "short", "deep"],
)  # fmt: skip
def test_what_is_no_paper_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(PaperError) as caught:
        parse_html(data, name="https://arxiv.org/html/2601.00001v1")
    assert why in caught.value.why
    assert caught.value.item == "https://arxiv.org/html/2601.00001v1"
    assert caught.value.todo


def test_bytes_that_are_no_utf_8_lose_only_themselves() -> None:
    data = page(section("Body", "before MARK after")).replace(b"MARK", b"\xff\xfe\x00")
    assert texts(parse_html(data))["1 Body"].startswith("before")
    assert texts(parse_html(data))["1 Body"].endswith("after")


def test_entities_of_a_document_type_are_not_read(tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    doctype = f'<!DOCTYPE html [<!ENTITY leak SYSTEM "file://{secret}">]>'.encode()
    data = page(section("Body", "a &leak; b")).replace(b"<!DOCTYPE html>", doctype)
    assert "SECRET" not in str(parse_html(data))


def test_a_large_page_is_read_in_time() -> None:
    many = "".join(section(f"Part {n}", *["A sentence of text. " * 20] * 20) for n in range(100))
    document = parse_html(page(many))
    assert len(document.sections) == 102


PIECES = st.sampled_from(
    [b"<", b">", b"</section>", b"<section class=ltx_section>", b"<h2 class=ltx_title>", b"&#0;",
     b"<article class=ltx_document>", b"<math alttext='", b"'>", b"\xff", b"text ", b"<table>",
     b"<span class='ltx_tabular ltx_note ltx_role_footnote'>", b"<span class='ltx_ERROR'>", b"<li>",
     b"</span>", b"<span class=ltx_tr>", b"<pre>", b"<!--", b"-->", b"<![CDATA[", b"&#xD800;"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map(b"".join) | st.binary(max_size=200))
@settings(max_examples=300)
def test_any_bytes_are_a_paper_or_refused(data: bytes) -> None:
    for candidate in (data, page(data.decode("latin-1"))):
        try:
            document = parse_html(candidate)
        except PaperError:
            continue
        str(document).encode()
