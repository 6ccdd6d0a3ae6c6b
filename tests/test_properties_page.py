"""The table of all properties: every member, every word, every cell as the facts say."""

import re
from html import unescape

import pytest

import symacts
from symacts.pages import columns
from symacts.pages.columns import COLUMNS, FAMILY, SHOWN, cells
from symacts.pages.functions import model_of
from symacts.vocabulary import WORDS

TAGS = re.compile(r"<[^>]+>")


def test_columns_ask_facts_that_exist() -> None:
    """Each column shows a fact of the library, but for the cost, which is counted."""
    asked = {column.fact for name, column in COLUMNS.items() if name != columns.CALLS}

    assert asked <= set(symacts.relu.facts.names)
    assert {*SHOWN, *(name for names in FAMILY.values() for name in names)} <= set(COLUMNS)


def test_names_of_columns_are_no_fields_of_the_form() -> None:
    """The address of the page names columns and fields side by side."""
    assert not set(COLUMNS) & {"where", "search", "family", "columns", "sort", "function"}


@pytest.mark.parametrize(
    ("name", "column", "text", "key"),
    [
        ("tanh", "range", "(−1,\u00a01)", "-1"),
        ("tanh", "monotonicity", "increasing", "increasing"),
        ("relu", "kinks", "0", "1"),
        ("hard_swish", "kinks", "−3, 3", "2"),
        ("relu", "zeros", "(−∞,\u00a00]", "Infinity"),
        ("gelu", "minimum", "−0.1700", "-0.169971"),
        ("gelu", "calls", "1", "1"),
        ("sigmoid", "symmetry", "(0, 0.5)", "a point"),
        ("sigmoid", "level_above", "6.906", "6.90575"),
        ("relu", "level_above", "none", ""),
        ("relu", "right_asymptote", "$x$", "$x$"),
        ("exponential", "lipschitz", "∞", "Infinity"),
        ("elu", "minimum", "−1", "-1"),
        ("softmax", "jacobian_rank", "$n - 1$", ""),
        ("sine", "left_limit", "oscillates", ""),
        ("sigmoid", "antiderivative", "known", "known"),
    ],
)
def test_cells_are_what_facts_say(name: str, column: str, text: str, key: str) -> None:
    """A cell shows the fact at the default parameters, rounded, and sorts by its value."""
    cell = cells(symacts.catalogue[name])[column]

    assert unescape(TAGS.sub("", cell["text"])) == text
    assert cell["sort"].startswith(key)
    assert bool(cell["sort"]) == bool(key)


def test_cells_of_all_members_can_be_made(activation: symacts.Activation) -> None:
    """Every established fact that has a column has a cell, and a number sorts as a number."""
    found = cells(activation)
    for name, column in COLUMNS.items():
        if column.fact and getattr(activation.facts, column.fact) is not None:
            assert found[name]["text"], f"{activation.id} has no cell for {name}"
        if name in found and column.is_number and found[name]["sort"]:
            float(found[name]["sort"].replace("Infinity", "inf"))


def test_rows_answer_every_word() -> None:
    """A row carries the words that hold and those that are not established; the rest is no."""
    words = model_of(symacts.sinc)["words"]
    yes, unknown = (set(words[key].split()) for key in ("yes", "unknown"))

    assert yes == {word for word, asked in WORDS.items() if asked(symacts.sinc) is True}
    assert unknown == {word for word, asked in WORDS.items() if asked(symacts.sinc) is None}
    assert unknown, "there is something about sinc that nobody has established"


def test_the_vocabulary_has_no_keyword() -> None:
    """No word can be mistaken for a connective, and each is a name in Python and in the browser."""
    assert not set(WORDS) & {"and", "or", "not"}
    assert all(re.fullmatch(r"[a-z_]+", word) for word in WORDS)
