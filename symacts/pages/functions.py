"""The model of one function's page: everything the templates say about it, as plain data.

A model holds text, lists and dictionaries only, with `$TeX$` where something has to be typeset.
So it can be kept in a cache, compared in a test, and read by a person.
"""

import json
import re
from typing import Any

import numpy as np
import sympy
from sympy import Expr

from symacts import figures, typeset, wording
from symacts.activation import Activation, Parameter
from symacts.atoms import Phi, phi, sigma, softplus
from symacts.pages import columns, costs, glance, missing
from symacts.pages.gates import gate_parts
from symacts.pages.scalars import scalar_parts
from symacts.pages.vectors import vector_parts
from symacts.symbols import x
from symacts.verdicts import Verdict
from symacts.vocabulary import WORDS
from symacts.wording.numbers import expression

__all__ = ["code_tabs", "model_of"]

Model = dict[str, Any]

PARTS = {"scalar": scalar_parts, "vector": vector_parts, "gate": gate_parts}
SAMPLES = {
    "scalar": "[-2.0, 0.0, 2.0]",
    "vector": "[0.4, 2.0, 5.0]",
    "gate": "[1.0, -1.0], [2.0, 2.0]",
}


LETTERS = (sigma, Phi, phi, softplus)
SMALLEST_SHOWN = 0.5e-4


def model_of(act: Activation) -> Model:
    """Return everything that the page of *act* shows, apart from what other members add."""
    derived = {
        "facts": _fact_groups(act),
        "pros": [_verdict(verdict) for verdict in act.pros],
        "cons": [_verdict(verdict) for verdict in act.cons],
    }
    definition = _where(act, (0,))
    more = [*_where(act, (1, 2)), *_letters_in(json.dumps(derived).replace(r"\\", "\\"))]
    return {
        "id": act.id,
        "kind": act.kind,
        "title": act.title,
        "long_title": act.long_title,
        "summary": act.summary,
        "description": f"{act.long_title or act.title}. {act.summary}",
        "aliases": list(act.aliases),
        "family": act.family,
        "notes": act.notes,
        "source": act.source[0],
        "references": list(act.references),
        "definition": typeset.equation(act),
        "where": definition,
        "where_more": [piece for piece in dict.fromkeys(more) if piece not in definition],
        "params": [_parameter(p) for p in act.params.values()],
        **derived,
        "identity": glance.identity(act),
        "tags": glance.tags(act),
        "tags_at_defaults": glance.tags_at_defaults(act),
        "cells": columns.cells(act),
        "words": _words(act),
        "established": [name for name, _ in act.facts],
        "inapplicable": missing.inapplicable(act),
        "cost": costs.cost_of(act),
        "code": code_tabs(act),
        "figures": figures.figures_of(act),
        **PARTS[act.kind](act),
    }


def _verdict(verdict: Verdict) -> Model:
    return {"slug": verdict.slug, "sentence": verdict.sentence, "because": verdict.because}


def _words(act: Activation) -> dict[str, str]:
    """Return the words of the vocabulary that hold, and those that are not established."""
    answers = {word: asked(act) for word, asked in WORDS.items()}
    return {
        "yes": " ".join(word for word, answer in answers.items() if answer),
        "unknown": " ".join(word for word, answer in answers.items() if answer is None),
    }


def _where(act: Activation, orders: tuple[int, ...]) -> list[str]:
    """Return what the abbreviations in formulas of these orders stand for."""
    found = list(typeset.where(act, orders))
    if 1 in orders:
        found += [piece for name in act.params for piece in typeset.where(act, (1,), name)]
    return [piece.equation for piece in dict.fromkeys(found)]


def _letters_in(text: str) -> list[str]:
    """Return what those letters stand for that a text uses as functions."""
    known = typeset.named_pieces(*(function(x) for function in LETTERS))
    return [piece.equation for piece in known if _is_called(piece.symbol, text)]


def _is_called(call: str, text: str) -> bool:
    r"""Tell whether the function of a call such as `\zeta(x)` is called in a text."""
    letter = re.escape(call.partition("(")[0])
    return bool(re.search(rf"{letter}(\\left|\^\{{?\d\}}?|\s)*\(", text))


def _parameter(p: Parameter) -> Model:
    return {
        "name": p.name,
        "symbol": f"${typeset.formula(p.symbol)}$",
        "domain": f"${typeset.formula(p.symbol)} {p.domain.condition_latex}$",
        "default": expression(p.default),
        "meaning": wording.sentence(p.meaning),
        "figure": f"parameter-{p.name}",
    }


def _fact_groups(act: Activation) -> list[Model]:
    """Return the established facts in their groups; a group without any is left out."""
    groups = []
    for title, names in wording.GROUPS:
        rows = [row for name in names if (row := _fact(act, name)) is not None]
        if rows:
            groups.append({"title": title, "rows": rows})
    return groups


def _fact(act: Activation, name: str) -> Model | None:
    text = wording.fact_text(name, act)
    if text is None:
        return None
    fact = getattr(act.facts, name)
    return {
        "name": wording.LABELS[name],
        "value": text,
        "how": fact.how,
        "scope": "" if fact.scope == "all parameters" else fact.scope,
        "evidence": fact.evidence,
    }


def code_tabs(act: Activation) -> list[Model]:
    """Return the tabs of the code section: use, NumPy source, SymPy if it can say it, LaTeX."""
    tabs = [
        {"title": "Use", "language": "python", "text": _use(act)},
        {"title": "NumPy", "language": "python", "text": act.code("numpy").rstrip()},
    ]
    if _is_sympy(act.expr):
        tabs.append({"title": "SymPy", "language": "python", "text": _sympy(act)})
    return [*tabs, {"title": "LaTeX", "language": "latex", "text": typeset.equation(act)}]


def _use(act: Activation) -> str:
    """Return lines that import and call the function, each with what it gives."""
    sample = SAMPLES[act.kind]
    calls = [f"{act.id}({sample})"]
    calls += [f"{act.id}({sample}, {p.name}={float(2 * p.default):g})" for p in act.params.values()]
    if act.kind == "vector":
        calls.append(f"{act.id}.jacobian({sample})")
    elif act.kind == "gate":
        calls += [f'{act.id}.derivative(wrt="{symbol}")({sample})' for symbol in act.inputs]
    else:
        calls += [f"{act.id}.derivative({order or ''})({sample})" for order in ("", 2)]
        calls += [f'{act.id}.derivative(wrt="{name}")({sample})' for name in act.params]
    shown = (f"symacts.{call}\n{_result(act, call)}" for call in calls)
    return "\n\n".join(["import symacts", *shown])


def _result(act: Activation, call: str) -> str:
    """Return what a call gives, as comments."""
    value = np.asarray(eval(call, {act.id: act}))  # noqa: S307  the call was written above
    # What rounds to zero has no sign: NumPy would print -0.
    value = np.where(np.abs(value) < SMALLEST_SHOWN, 0.0, value)
    text = np.array2string(value, precision=4, suppress_small=True, floatmode="maxprec_equal")
    return "\n".join(f"# {line}" for line in text.splitlines())


def _is_sympy(expr: Expr) -> bool:
    """Tell whether a formula is made of functions of SymPy's own."""
    return all(type(f).__module__.startswith("sympy.") for f in expr.atoms(sympy.Function))


def _sympy(act: Activation) -> str:
    """Return lines of Python that build the expression with SymPy alone."""
    lines = ["from sympy import *", ""]
    if act.kind == "vector":
        lines += [
            'i, j, n = symbols("i j n", integer=True, positive=True)',
            'x = IndexedBase("x", real=True)',
        ]
    else:
        names = " ".join(str(symbol) for symbol in act.inputs)
        lines.append(f'{names.replace(" ", ", ")} = symbols("{names}", real=True)')
    for p in act.params.values():
        lines.append(f'{p.name} = symbols("{p.name}", {p.domain.assumption}=True)')
    body = sympy.sstr(act.expr, sympy_integers=True, full_prec=False)
    return "\n".join([*lines, "", f"f = {body}"])
