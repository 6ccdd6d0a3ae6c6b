"""`symacts export`: the catalogue as data."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sympy import Basic, Expr

from symacts.cli.command import Command, add_names, add_output, members
from symacts.cli.terminal import Progress

if TYPE_CHECKING:
    from symacts.activation import Activation, Parameter
    from symacts.facts import Fact

__all__ = ["EXPORT"]


def _arguments(parser: ArgumentParser) -> None:
    add_names(parser, required=False)
    add_output(parser, "the JSON")


def _run(options: Namespace) -> int:
    acts = members(options.names)
    entries = []
    with Progress() as progress:
        for done, act in enumerate(acts):
            progress(done, len(acts), act.id)
            entries.append(_entry(act))
    text = json.dumps(_document(entries), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    if options.output is None:
        sys.stdout.write(text)
    else:
        Path(options.output).write_text(text, encoding="utf-8")
        print(f"wrote {options.output}", file=sys.stderr)
    return 0


def _document(entries: list[dict[str, Any]]) -> dict[str, Any]:
    import symacts

    return {"symacts": symacts.__version__, "activations": entries}


def _entry(act: "Activation") -> dict[str, Any]:
    """Return all that is known about one member."""
    return {
        "id": act.id,
        "title": act.title,
        "long_title": act.long_title,
        "aliases": list(act.aliases),
        "family": act.family,
        "kind": act.kind,
        "summary": act.summary,
        "notes": act.notes,
        "references": list(act.references),
        "inputs": [str(symbol) for symbol in act.inputs],
        "parameters": [_parameter(p) for p in act.params.values()],
        "expression": str(act.expr),
        "latex": act.latex(),
        "derivatives": _derivatives(act),
        "facts": _facts(act),
        "pros": [data(verdict) for verdict in act.pros],
        "cons": [data(verdict) for verdict in act.cons],
        "relations": [data(relation) for relation in act.relations],
        "frameworks": {name: data(entry) for name, entry in act.frameworks.items()},
    }


def _parameter(parameter: "Parameter") -> dict[str, Any]:
    return {
        "name": parameter.name,
        "default": data(parameter.default),
        "condition": parameter.condition,
        "meaning": parameter.meaning,
    }


def _derivatives(act: "Activation") -> list[dict[str, Any]]:
    """Return the first derivatives by the inputs and parameters, and the second by the input."""
    if act.kind == "vector":
        return []
    symbols = [*map(str, act.inputs), *act.params]
    wanted = [(1, symbol) for symbol in symbols]
    if act.kind == "scalar":
        wanted.insert(1, (2, symbols[0]))
    return [
        {"order": order, "wrt": symbol, "expression": str(slope.expr), "latex": slope.latex()}
        for order, symbol in wanted
        for slope in [act.derivative(order, wrt=symbol)]
    ]


def _facts(act: "Activation") -> dict[str, Any]:
    """Return what is established, by name; a name that is missing is not established."""
    from symacts.facts import NAMES

    found = {name: getattr(act.facts, name) for name in NAMES}
    return {name: _fact(fact) for name, fact in found.items() if fact is not None}


def _fact(fact: "Fact") -> dict[str, Any]:
    entry = {"value": data(fact.value)}
    if isinstance(fact.value, Expr) and fact.value.is_number and fact.value.is_finite:
        entry["number"] = float(fact.value)
    return entry | {"how": fact.how, "evidence": fact.evidence, "scope": fact.scope}


def data(value: Any) -> Any:
    """Return a value as JSON has it; what is exact becomes text in SymPy's notation."""
    if is_dataclass(value):
        return {field.name: data(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return data(value._asdict())
    if isinstance(value, tuple | list):
        return [data(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): data(item) for key, item in value.items()}
    if isinstance(value, Basic):
        return str(value)
    return value


EXPORT = Command(
    name="export",
    summary="Print the catalogue, or the named members, as JSON.",
    examples=(
        "symacts export -o activations.json",
        "symacts export gelu | jq '.activations[0].facts.range'",
    ),
    arguments=_arguments,
    run=_run,
    details="Formulas and exact values are text that SymPy reads; `number` is an exact value as a\n"
    "float. A fact that is missing is not established, which does not mean that it is false.",
)
