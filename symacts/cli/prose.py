r"""LaTeX and prose for a terminal: formulas, citations and emphasis as plain text.

Notes, facts and formulas are written once, for papers and the site. Here `$x \to \infty$` is shown
as `x → ∞`, `\frac{x}{2}` as `x/2`, cases with a brace of several lines, and `[@key]` as its author
and year.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape

from symacts.references import reference

__all__ = ["display", "plain", "tex"]

MARKS = re.compile(
    r"""
    \$\$?(?P<tex>[^$]+)\$\$?
  | \[(?P<cites>@[\w:-]+(?:\s*;\s*@[\w:-]+)*)\]
  | \[(?P<label>[^\]]+)\]\([^)]+\)
  | <sup>(?P<sup>[^<]*)</sup>
  | (?P<tag></?\w[^>]*>)
  | (?P<stars>\*{1,2})(?=\S)(?P<stressed>[^*]+)(?P=stars)
  | `(?P<code>[^`]+)`
    """,
    re.VERBOSE,
)
PIECES = re.compile(r"\\(?:text|mathrm)\{[^{}]*\}|\\[A-Za-z]+\*?|\\.|\S")
CASES = re.compile(r"\\begin\{cases\}(.*?)\\end\{cases\}", re.DOTALL)
NEW_ROW = re.compile(r"\\\\(?:\[[\d.]+(?:pt|em|ex)\])?")
"""A new row of cases, with the space above it that only print needs."""

SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "xi": "ξ",
    "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "psi": "ψ",
    "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Phi": "Φ", "Omega": "Ω", "infty": "∞", "to": "→",
    "mapsto": "↦", "Rightarrow": "⇒", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠",
    "neq": "≠", "approx": "≈", "sim": "~", "in": "∈", "notin": "∉", "cup": "∪", "cap": "∩",
    "setminus": "∖", "subset": "⊂", "subseteq": "⊆", "cdot": "·", "times": "×", "pm": "±",
    "odot": "⊙", "partial": "∂", "dots": "…", "ldots": "…", "cdots": "…", "prime": "'",
    "lvert": "|", "rvert": "|", "mid": "|", "lVert": "‖", "rVert": "‖", "lfloor": "⌊",
    "rfloor": "⌋", "emptyset": "∅", "forall": "∀", "exists": "∃", "top": "ᵀ",
    "quad": "  ", "qquad": "  ", ",": " ", ";": " ", ":": " ", " ": " ", "!": "", "\\": "; ",
    "{": "{", "}": "}", "%": "%", "&": "&", "_": "_",
}  # fmt: skip
OPERATORS = {"sum": "Σ", "prod": "Π", "int": "∫"}
DROPPED = {"left", "right", "big", "bigl", "bigr", "Big", "Bigl", "Bigr", "displaystyle", "limits"}
RELATIONS = frozenset(":=<>→↦⇒≤≥≠≈~∈∉∪∩∖⊂⊆±×·⊙")
BEFORE_SIGN = RELATIONS | frozenset("([{,;+-/^|")
LETTERS = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "E": "𝔼"}
RAISED = dict(zip("0123456789+-=()ijknxTᵀ", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱʲᵏⁿˣᵀᵀ", strict=True))
LOWERED = dict(zip("0123456789+-=()aeijklmnopstx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢⱼₖₗₘₙₒₚₛₜₓ", strict=True))
SMALL = "".join(("".join(RAISED.values()), "".join(LOWERED.values())))

# Spaces to be: THIN beside the name of a function (`x tanh x`, `tanh²(x)`), HAIR beside a fraction
# (`1/2 (x + 1)`). They stay where two things would otherwise run together.
THIN, HAIR = "\u2009", "\u200a"
ENDS, BEGINS = rf"[\w)\]'|{SMALL}]", r"[A-Za-z\u0370-\u03ff0-9√|]"
# What needs no brackets: a number, a letter with its scripts, a call, an absolute value, a sign.
SINGLE = re.compile(
    rf"√?(\d+(\.\d+)?|∂?[^\W\d_][{re.escape(SMALL)}]*'*|\w+\([^()]*\)|\|[^|]*\||\(.*\)|e\^\w+|.)"
)


def plain(text: str) -> str:
    """Return prose as plain text, its paragraphs kept."""
    return unescape(MARKS.sub(_unmark, text)).replace("−", "-")


def _unmark(mark: re.Match[str]) -> str:
    if mark["tex"] is not None:
        return tex(mark["tex"])
    if mark["cites"] is not None:
        keys = (key.strip().removeprefix("@") for key in mark["cites"].split(";"))
        labels = (reference(key).short.replace(" (", ", ").removesuffix(")") for key in keys)
        return f"[{'; '.join(labels)}]"
    if mark["sup"] is not None:
        return _script(mark["sup"].replace("−", "-"), RAISED, "^")
    return mark["label"] or mark["stressed"] or mark["code"] or ""


def tex(source: str) -> str:
    r"""Return a formula on one line: `\frac{x}{2}` as `x/2`, `x^2` as `x²`."""
    branches = CASES.sub(lambda cases: rf"\text{{{_inline(_branches(cases[1]))}}}", source)
    return _spaced_out(_Reader(branches).rest())


def display(source: str) -> str:
    """Return a formula as it stands on its own, each case on its line behind a brace."""
    before, *rest = CASES.split(source, maxsplit=1)
    if not rest:
        return tex(source)
    branches, after = _branches(rest[0]), tex(rest[1])
    widest = max(len(value) for value, _ in branches)
    lines = [f"{value:<{widest}}   {when}" for value, when in branches]
    # A brace has a middle: two cases get an empty line between them.
    lines[1:1] = [""] * (len(lines) == 2)
    braces = ["⎧", *"⎪" * (len(lines) - 2), "⎩"]
    braces[len(braces) // 2] = "⎨"
    left = tex(before) + (" " if before else "")
    middle = len(lines) // 2
    drawn = [
        f"{left if row == middle else ' ' * len(left)}{brace} {line}".rstrip()
        for row, (brace, line) in enumerate(zip(braces, lines, strict=True))
    ]
    drawn[middle] += f"  {after}" if after else ""
    return "\n".join(drawn)


def _branches(source: str) -> list[tuple[str, str]]:
    """Return the value and the condition of each case."""
    rows = [row.partition("&") for row in NEW_ROW.split(source)]
    return [(tex(value), tex(when)) for value, _, when in rows]


def _inline(branches: list[tuple[str, str]]) -> str:
    return "; ".join(
        f"{value} {'' if when == 'otherwise' else 'if '}{when}" for value, when in branches
    )


class _Reader:
    """Reads TeX from left to right and writes plain text, spaced as TeX would space it."""

    def __init__(self, source: str) -> None:
        self._pieces: Iterator[str] = iter(PIECES.findall(source))

    def rest(self) -> str:
        """Return what is left, up to the end or the brace that closes this group."""
        written = ""
        for piece in self._pieces:
            if piece == "}":
                break
            written += self._one(piece, written)
        return written

    def _one(self, piece: str, before: str) -> str:
        if piece == "{":
            return self.rest()
        if piece in "^_":
            script = _script(self._argument(), RAISED if piece == "^" else LOWERED, piece)
            return script + (THIN if before.endswith(THIN) else "")
        if piece.startswith("\\"):
            return self._command(piece[1:].removesuffix("*"))
        if piece in "+-":
            # A sign stands close to its number, an operation between its two.
            last = re.sub(r"\s", "", before)[-1:]
            return f" {piece} " if last and last not in BEFORE_SIGN else piece
        return {"~": " ", "&": " ", ",": ", "}.get(piece, _spaced(piece))

    def _argument(self) -> str:
        return self._one(next(self._pieces, ""), "")

    def _command(self, name: str) -> str:
        if name in DROPPED:
            return ""
        if name in SYMBOLS:
            return _spaced(SYMBOLS[name])
        if name.endswith("}"):
            return name.partition("{")[2].removesuffix("}")
        if name in WITH_ARGUMENTS:
            return WITH_ARGUMENTS[name](self._argument)
        return f"{THIN}{OPERATORS.get(name, name)}{THIN}"


def _spaced(symbol: str) -> str:
    return f" {symbol} " if symbol in RELATIONS else symbol


def _spaced_out(written: str) -> str:
    """Return the text with spaces where two things would otherwise run together."""
    runs = re.sub(f"[{THIN}{HAIR}]+", lambda run: HAIR if HAIR in run[0] else THIN, written)
    spaced = re.sub(rf"(?<={ENDS}){HAIR}(?={BEGINS}|\()|(?<={ENDS}){THIN}(?={BEGINS})", " ", runs)
    return re.sub(r" {2,}", " ", re.sub(f"[{THIN}{HAIR}]", "", spaced)).strip()


def _script(text: str, letters: dict[str, str], mark: str) -> str:
    """Return a superscript or subscript in small letters if they all exist."""
    dense = text.replace(" ", "")
    if dense and all(ch in letters for ch in dense):
        return "".join(letters[ch] for ch in dense)
    return text if set(text) == {"'"} else f"{mark}{_bracketed(_spaced_out(text))}"


def _bracketed(text: str) -> str:
    return text if SINGLE.fullmatch(text) else f"({text})"


def _fraction(argument: Callable[[], str]) -> str:
    above, below = (_spaced_out(argument()) for _ in range(2))
    written = f"{_bracketed(above)}/{_bracketed(below)}"
    # What follows a derivative is its argument: ∂f/∂a(a, b).
    return written if written.startswith("∂") else f"{HAIR}{written}{HAIR}"


WITH_ARGUMENTS: dict[str, Callable[[Callable[[], str]], str]] = {
    "frac": _fraction,
    "dfrac": _fraction,
    "tfrac": _fraction,
    "mathbb": lambda argument: "".join(LETTERS.get(ch, ch) for ch in argument()),
    "operatorname": lambda argument: f"{THIN}{argument()}{THIN}",
    "sqrt": lambda argument: f"√{_bracketed(_spaced_out(argument()))}",
} | {name: lambda argument: argument() for name in ("mathbf", "mathcal", "textit")}
