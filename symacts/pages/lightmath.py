r"""Small formulas as plain HTML: `$x \le 0$` needs no typesetting engine.

A page has a hundred small formulas and a few large ones.  Typeset, the small ones would weigh ten
times as much as all the rest of the page; as letters with a little markup they look the same, and
the search finds them.  What this does not understand is left to KaTeX.
"""

import re
from html import escape

__all__ = ["light"]

LONGEST = 90
THIN, SPACE = "\u2009", "\u00a0"

GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi rho sigma tau "
    "phi varphi chi psi omega"
)
LETTERS = {
    name: f"<i>{letter}</i>"
    for name, letter in zip(GREEK.split(), "αβγδεεζηθκλμνξρστφφχψω", strict=True)
}
UPRIGHT = {"Phi": "Φ", "Gamma": "Γ", "pi": "π", "infty": "∞", "mathbb{R}": "ℝ", "mathbb{Z}": "ℤ"}
FUNCTIONS = frozenset(
    ("sup", "inf", "max", "min", "log", "exp", "tanh", "arctan", "erf", "sin", "cos", "lim")
)
RELATIONS = {
    "le": "≤", "ge": "≥", "leq": "≤", "geq": "≥", "lt": "<", "gt": ">", "ne": "≠", "neq": "≠",
    "approx": "≈", "to": "→", "in": "∈", "=": "=", "<": "&lt;", ">": "&gt;",
}  # fmt: skip
OPERATORS = {"+": "+", "-": "−", "cdot": "·", "pm": "±", "times": "×", "cup": "∪", "odot": "⊙"}
SPACES = {",": THIN, ";": SPACE, ":": SPACE, " ": SPACE, "quad": SPACE * 2, "qquad": SPACE * 4}
SIGNS = {"{": "{", "}": "}", "|": "|", "mid": "|", "lvert": "|", "rvert": "|"}
WORDS = frozenset(("text", "mathrm", "operatorname"))
PRIMES = ("", "′", "″", "‴", "⁗")
IGNORED = frozenset(("left", "right", "displaystyle", "!"))

TOKEN = re.compile(
    r"\\(?P<command>mathbb\{[RZ]\}|[A-Za-z]+|.)|(?P<number>\d+(?:\.\d+)?)|(?P<letter>[A-Za-z])"
    r"|(?P<script>[\^_])|(?P<primes>'{1,4})|(?P<sign>[-+=<>])|(?P<other>[()\[\],.;/|!:])|(?P<gap>[\s{}]+)"
)
# What may stand on a side of a slash or under a root without brackets: a number, a letter with its
# scripts, the value of a function or a root.  In brackets there is nothing but other such brackets.
SCRIPTS = r"(?:<su[bp]>(?:(?!<su[bp]>).)+</su[bp]>)*"
INSIDE = r"(?:[^()]|\((?:[^()]|\([^()]*\))*\))+"
THING = (
    rf"(?:√\({INSIDE}\)|(?:[a-z]+|[ΦΓ]|<i>.</i>)\({INSIDE}\)"
    rf"|√?(?:\d+(?:\.\d+)?|(?:<i>.</i>|[ΦΓπ∞]|\|<i>.</i>\|){SCRIPTS}))"
)
ONE_THING = re.compile(THING)
# Above a slash a product needs no brackets either.
PRODUCT = re.compile(rf"(?:{THING})+")
FOLLOWED_BY_FACTOR = re.compile(
    r"(?:\\[,; ]|\s)*(?:[A-Za-z0-9(]|\\(?!right|le|ge|[lg]t|ne|to|in|approx|pm|cdot|times))"
)


class _Unknown(Exception):
    """Something in a formula has no plain form."""


def light(tex: str) -> str | None:
    """Return the HTML of a small formula, or None if it deserves to be typeset."""
    if len(tex) > LONGEST:
        return None
    try:
        return f'<span class="sa-tex">{_Reader(tex).read()}</span>'
    except _Unknown:
        return None


class _Reader:
    """Reads a formula from left to right; an operand before a sign makes the sign an operator."""

    def __init__(self, tex: str) -> None:
        self.tex = tex
        self.place = 0
        self.out: list[str] = []
        self.after_operand = False

    def read(self) -> str:
        """Return the HTML, or raise _Unknown."""
        while self.place < len(self.tex):
            token = TOKEN.match(self.tex, self.place)
            if token is None:
                raise _Unknown
            self.place = token.end()
            self._take(token)
        return "".join(self.out)

    def _take(self, token: re.Match[str]) -> None:
        match token.lastgroup:
            case "command":
                self._command(token["command"])
            case "script":
                self._script("sup" if token["script"] == "^" else "sub")
            case "sign":
                self._sign(token["sign"])
            case "letter":
                self._operand(f"<i>{token['letter']}</i>")
            case "primes":
                self._operand(PRIMES[len(token["primes"])])
            case "number" | "other":
                self._mark(token[0])

    def _command(self, name: str) -> None:
        if name in ("frac", "tfrac"):
            self._fraction()
        elif name == "sqrt":
            under = self._inner()
            bare = "(" not in under and ONE_THING.fullmatch(under)
            self._operand(f"√{under}" if bare else f"√({under})")
        elif name in WORDS:
            self._operand(escape(self._group(), quote=False))
        elif name in LETTERS or name in UPRIGHT:
            self._operand(LETTERS.get(name) or UPRIGHT[name])
        elif name in FUNCTIONS:
            self._function(name)
        elif name in SPACES:
            self.out.append(SPACES[name])
        elif name in SIGNS:
            self._mark(SIGNS[name])
        elif name not in IGNORED:
            self._sign(name)

    def _operand(self, html: str) -> None:
        self.out.append(html)
        self.after_operand = True

    def _function(self, name: str) -> None:
        bracket = self.tex[self.place :].lstrip(" {").startswith(("(", "\\left(", "_", "^"))
        before = THIN if self.after_operand else ""
        self._operand(f"{before}{name}{'' if bracket else SPACE}")

    def _mark(self, text: str) -> None:
        self.out.append(text + (SPACE if text in ",;" else ""))
        self.after_operand = text not in "([,;{/"

    def _sign(self, name: str) -> None:
        sign = RELATIONS.get(name) or OPERATORS.get(name)
        if sign is None:
            raise _Unknown
        spaced = name in RELATIONS or self.after_operand
        self.out.append(f"{SPACE}{sign}{SPACE}" if spaced else sign)
        self.after_operand = False

    def _script(self, tag: str) -> None:
        self._operand(f"<{tag}>{self._inner().replace(SPACE, '')}</{tag}>")

    def _fraction(self) -> None:
        """Write a fraction with a slash, in brackets where something could run into it."""
        over, under = self._inner(), self._inner()
        if not PRODUCT.fullmatch(over.removeprefix("−")):
            over = f"({over})"
        if not ONE_THING.fullmatch(under):
            under = f"({under})"
        fraction = f"{over}/{under}"
        alone = not self.after_operand and not FOLLOWED_BY_FACTOR.match(self.tex, self.place)
        self._operand(fraction if alone else f"({fraction})")

    def _group(self) -> str:
        """Return what stands in the braces that come next."""
        start = self.tex.find("{", self.place)
        if start < 0 or self.tex[self.place : start].strip():
            raise _Unknown
        end = _closing(self.tex, start)
        self.place = end + 1
        return self.tex[start + 1 : end]

    def _inner(self) -> str:
        """Return the HTML of the group, or of the one token, that comes next."""
        start = self.place
        while self.tex[start : start + 1].isspace():
            start += 1
        if self.tex[start : start + 1] == "{":
            inner = self._group()
        else:
            token = TOKEN.match(self.tex, start)
            if token is None:
                raise _Unknown
            inner = token[0] if token["number"] is None else token[0][0]
            self.place = start + len(inner)
        return _Reader(inner).read()


def _closing(tex: str, opening: int) -> int:
    """Return where the brace that opens at *opening* is closed."""
    depth = 0
    for place in range(opening, len(tex)):
        depth += {"{": 1, "}": -1}.get(tex[place], 0)
        if not depth:
            return place
    raise _Unknown
