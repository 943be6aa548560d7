r"""TeX in JSON: ``"\nabla"`` was meant as a command, ``"\nAbout"`` as a line break.

Models often forget to double the backslashes of TeX. Most of what then follows is no escape of
JSON (``\alpha``), but some is: ``\nabla`` reads as a line break and "abla". The letters that follow
tell, with the place where they stand: in a formula, or in text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Commands that begin with the letter of a JSON escape. Where what is left without that letter can
# be a word (``\to`` is a tab and "o"; ``\nu``, a line break and "u"), it is in _DOUBTFUL too.
_COMMANDS_TEXT = """
backepsilon backprime backsim backsimeq backslash bar barwedge bbox because begin beta beth between
bf bfseries big bigcap bigcirc bigcup bigg biggl biggm biggr bigl bigm bigodot bigoplus bigotimes
bigr bigsqcup bigstar bigtriangledown bigtriangleup biguplus bigvee bigwedge binom blacklozenge
blacksquare blacktriangle bm bmatrix bmod boldsymbol boldmath bot bowtie boxed boxdot boxminus
boxplus boxtimes bra breve bullet bumpeq fallingdotseq fbox fcolorbox flat footnote footnotesize
forall frac frak frown frownie nabla natural ncong ne nearrow neg neq newcommand newline nexists
ngeq ngeqq ngtr ni nicefrac nleftarrow nleftrightarrow nleq nleqq nless nmid nobreak nolimits
noindent nonumber norm normalfont normalsize not notag notin nparallel nprec npreceq nrightarrow
nshortmid nsim nsubset nsubseteq nsucc nsucceq nsupseteq ntriangleleft ntriangleright nu nvdash
nwarrow rVert raggedright raise rangle rank rbrace rbrack rceil ref relax renewcommand rfloor rhd
rho right rightarrow rightarrowtail rightharpoondown rightharpoonup rightleftarrows
rightleftharpoons rightrightarrows rightsquigarrow rightthreetimes rm rmfamily rtimes rule rvert tag
tan tanh tau tbinom tensor text textasciitilde textbackslash textbf textcolor textit textmd
textnormal textrm textsc textsf textsl textstyle textsubscript textsuperscript texttt textup tfrac
therefore theta thetasym thickapprox thicksim thickspace thinspace tilde times tiny to top tr
triangle triangledown triangleleft trianglelefteq triangleq triangleright trianglerighteq
twoheadleftarrow twoheadrightarrow
"""
_DOUBTFUL_TEXT = """
ne neg nexists ni nless nmid nparallel nprec nsim nsubset nsucc nu tag tan tau to top tr
"""
_COMMANDS, _DOUBTFUL = frozenset(_COMMANDS_TEXT.split()), frozenset(_DOUBTFUL_TEXT.split())
_LETTERS = re.compile(r"[A-Za-z]*")
_FORMULA_MARK = re.compile(r"\n\s*\n|\\.|\$\$?", re.DOTALL)

_OPEN_BREAK = re.compile(r"\n\s*\Z")


class Place:
    """Follows a text piece by piece, and knows whether its end stands in a formula.

    A place is "text", "inline" or "display". No formula goes on behind its paragraph.
    """

    def __init__(self) -> None:
        self._place = "text"
        self._seen = 0
        self._open_break = ""

    def after(self, pieces: Sequence[str]) -> str:
        """Return the place at the end of all pieces; those of earlier calls are not read again."""
        text = self._open_break + "".join(pieces[self._seen :])
        self._seen = len(pieces)
        for mark in _FORMULA_MARK.finditer(text):
            found, before = mark[0], self._place
            if found.isspace():
                self._place = "text"
            elif found in ("$$", r"\[", r"\]"):
                self._place = "display" if found != r"\]" and before == "text" else "text"
            elif found in ("$", r"\(", r"\)"):
                self._place = "inline" if found != r"\)" and before == "text" else "text"
        # The next piece may make a blank line of it.
        tail = _OPEN_BREAK.search(text)
        self._open_break = tail[0] if tail else ""
        return self._place

    @property
    def at_line_start(self) -> bool:
        """Whether the text ended with a line break when it was last looked at."""
        return bool(self._open_break)


def is_command(
    escape: str, following: str, before: Sequence[str], place: Place, *, careless: bool
) -> bool:
    r"""Tell whether ``\`` and ``escape`` (one of ``b f n r t``) begin a TeX command.

    ``following`` is the source behind it, ``before`` the pieces of the text in front of it, which
    ``place`` follows. ``careless`` says that elsewhere in the answer backslashes of TeX were surely
    not doubled.
    """
    letters = _LETTERS.match(following)
    command = escape + (letters[0] if letters else "")
    if command not in _DOUBTFUL:
        return command in _COMMANDS
    where = place.after(before)
    if escape != "n":
        return where != "text"
    # "$$\nu = 3\n$$" is a formula on lines of its own unless the writer is known to be careless.
    return not place.at_line_start and (where == "inline" or (where == "display" and careless))
