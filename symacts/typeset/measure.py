"""How long and how tall a piece of LaTeX is on paper."""

import re

__all__ = ["glyphs", "is_tall", "width"]

_NAMED = re.compile(r"\\(?:operatorname\*?|mathrm|text)\{([^{}]*)\}")
_STRUCTURE = re.compile(
    r"\\(?:frac|tfrac|dfrac|begin\{\w+\}|end\{\w+\}|left|right|[bB]igg?[lr]?|quad)"
)
_COMMAND = re.compile(r"\\[A-Za-z]+")
_INVISIBLE = re.compile(r"\\[,;! ]|[{}^_&\s]")


def glyphs(tex: str) -> int:
    r"""Return how many characters a reader sees: `\alpha` is one, `\tanh` is four, braces none."""
    text = _NAMED.sub(r"\1", tex)
    text = _STRUCTURE.sub("", text)
    text = _COMMAND.sub(lambda m: "x" * _width(m[0][1:]), text)
    return len(_INVISIBLE.sub("", text))


def _width(command: str) -> int:
    return len(command) if command in _WORDS else 1


_WORDS = {
    "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh",
    "log", "exp", "max", "min", "sqrt",
}  # fmt: skip


def is_tall(tex: str) -> bool:
    """Tell whether *tex* rises above a line of text, so that brackets around it have to grow."""
    return bool(re.search(r"\\(d?frac|sum|begin|left|int)\b", tex))


def width(tex: str) -> float:
    """Return about how wide *tex* is set, in letters; what stands above another counts once."""
    tex = re.sub(r"\\begin\{cases\}(.*?)\\end\{cases\}", _rows, tex, flags=re.DOTALL)
    while (fraction := re.search(r"\\[td]?frac(?=\{)", tex)) is not None:
        top, rest = _group(tex[fraction.end() :])
        bottom, rest = _group(rest)
        wider = max(top, bottom, key=width)
        tex = f"{tex[: fraction.start()]}{wider}{rest}"
    small = sum(glyphs(part) for part in re.findall(r"[\^_](\{[^{}]*\}|\\[A-Za-z]+|.)", tex))
    signs = len(re.findall(r"[^{(^,\s] *([-+=<>]|\\(?:le|ge|ne|to|approx|in)\b)", tex))
    thin, wide = tex.count(r"\,"), tex.count(r"\quad")
    return glyphs(tex) - 0.35 * small + 0.9 * signs + 0.3 * thin + 2 * wide


def _rows(cases: re.Match[str]) -> str:
    """Return the widest line of a cases environment, with what stands between and around."""
    rows = [row.replace("&", r"\quad") for row in re.split(r"\\\\(?:\[\w+\])?", cases[1])]
    return "{" + max(rows, key=width)


def _group(tex: str) -> tuple[str, str]:
    """Return what stands in the braces that *tex* begins with, and the rest."""
    depth = 0
    for place, character in enumerate(tex):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return tex[1:place], tex[place + 1 :]
    return tex, ""
