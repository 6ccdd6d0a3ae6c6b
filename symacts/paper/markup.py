r"""From the prose of definitions to LaTeX: Markdown with `$math$` and `[@key]` citations.

Only what notes and verdicts use is known: paragraphs, lists, emphasis, code, links.
"""

import re
from collections.abc import Callable

__all__ = ["inline", "paragraphs", "plain"]

SPECIAL = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "−": "$-$",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "±": r"$\pm$",
    "≈": r"$\approx$",
    "≤": r"$\le$",
    "≥": r"$\ge$",
    "≠": r"$\ne$",
    "∞": r"$\infty$",
    "→": r"$\to$",
    "π": r"$\pi$",
    "–": "--",
    "—": "---",
    "…": r"\dots{}",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "\N{NO-BREAK SPACE}": "~",
    "\N{NARROW NO-BREAK SPACE}": r"\,",
}
MARKS = re.compile(
    r"""
    \$\$(?P<display>.+?)\$\$
  | \$(?P<math>[^$]+)\$
  | \[(?P<cites>@[\w:-]+(?:\s*;\s*@[\w:-]+)*)\]
  | `(?P<code>[^`]+)`
  | \[(?P<label>[^\]]+)\]\((?P<address>[^)\s]+)\)
  | \*\*(?P<strong>.+?)\*\*
  | \*(?P<emphasis>[^*\s][^*]*)\*
  | "(?P<quoted>[^"]*)"
    """,
    re.VERBOSE | re.DOTALL,
)
# Where a citation stands here, the sentence needs the authors' names rather than brackets.
SUBJECT = re.compile(r"(?:^|[.;:!?]\s+|\b(?:by|of|in|from|see)\s+)$")


def plain(text: str) -> str:
    """Return text with the characters escaped that mean something to LaTeX."""
    return "".join(SPECIAL.get(character, character) for character in text)


def inline(text: str) -> str:
    """Return a sentence or paragraph as LaTeX."""
    text = re.sub(r"\s+", " ", text.strip())
    parts, place = [], 0
    for mark in MARKS.finditer(text):
        parts.append(plain(text[place : mark.start()]))
        parts.append(_converted(mark, text[: mark.start()]))
        place = mark.end()
    return "".join([*parts, plain(text[place:])])


def _converted(mark: re.Match[str], before: str) -> str:
    kind = mark.lastgroup or ""
    if kind == "cites":
        return _citation(mark[kind], before)
    if kind == "address":
        return rf"\href{{{_address(mark[kind])}}}{{{inline(mark['label'])}}}"
    left, right, convert = _ENCLOSED[kind]
    return f"{left}{convert(mark[kind])}{right}"


def _citation(keys: str, before: str) -> str:
    joined = ",".join(key.strip().removeprefix("@") for key in keys.split(";"))
    return rf"\citet{{{joined}}}" if SUBJECT.search(before) else rf"\citep{{{joined}}}"


def _address(url: str) -> str:
    return re.sub(r"([%#&_])", r"\\\1", url)


# What stands around each kind of mark, and what becomes of its inside.
_ENCLOSED: dict[str, tuple[str, str, Callable[[str], str]]] = {
    "math": ("$", "$", str),
    "display": (r"\[", r"\]", str),
    "code": (r"\texttt{", "}", plain),
    "strong": (r"\textbf{", "}", inline),
    "emphasis": (r"\emph{", "}", inline),
    "quoted": ("``", "''", inline),
}


def paragraphs(markdown: str) -> str:
    """Return paragraphs and lists as LaTeX, an empty line between them."""
    blocks = re.split(r"\n\s*\n", markdown.strip())
    return "\n\n".join(_block(block) for block in blocks if block.strip())


def _block(block: str) -> str:
    items = re.split(r"^[-*] ", block, flags=re.MULTILINE)
    if len(items) == 1 or items[0].strip():
        return inline(block)
    lines = "\n".join(rf"  \item {inline(item)}" for item in items[1:])
    return f"\\begin{{itemize}}\n{lines}\n\\end{{itemize}}"
