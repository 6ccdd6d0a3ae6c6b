"""Every definition keeps the rules of the catalogue."""

import re
from pathlib import Path

import pytest
import sympy

import symacts
from symacts import catalogue, families
from symacts.references import references

PACKAGE = Path(symacts.__file__).parent


def test_the_core_is_there() -> None:
    """The members that everything else builds on exist."""
    core = [
        "identity",
        "binary_step",
        "sign",
        "abs",
        "relu",
        "relu6",
        "leaky_relu",
        "prelu",
        "squared_relu",
        "thresholded_relu",
        "elu",
        "selu",
        "celu",
        "softplus",
        "squareplus",
        "sigmoid",
        "log_sigmoid",
        "hard_sigmoid",
        "tanh",
        "hard_tanh",
        "arctan",
        "softsign",
        "erf",
        "bent_identity",
        "silu",
        "swish",
        "gelu",
        "gelu_tanh",
        "quick_gelu",
        "mish",
        "hard_swish",
        "lisht",
        "soft_shrink",
        "hard_shrink",
        "tanh_shrink",
        "gaussian",
        "sine",
        "snake",
        "sinc",
        "exponential",
        "bipolar_sigmoid",
        "softmax",
        "log_softmax",
        "softmin",
        "sparsemax",
        "maxout",
        "glu",
        "reglu",
        "geglu",
        "swiglu",
        "bilinear",
    ]

    assert not set(core) - set(catalogue)


def test_every_family_file_is_listed() -> None:
    """A module in the catalogue folder that FAMILIES forgets would never be seen."""
    files = {path.stem for path in (PACKAGE / "catalogue").glob("*.py")} - {"__init__"}

    assert set(families) == files


def test_every_definition_is_in_its_table_of_contents() -> None:
    """A decorated function that `__all__` forgets would never be seen."""
    for family in families.values():
        text = (PACKAGE / "catalogue" / f"{family.id}.py").read_text("utf-8")
        defined = re.findall(r"^@activation\([^@]*?^def (\w+)\(", text, re.MULTILINE | re.DOTALL)
        assert [act.id for act in family.members] == defined, (
            f"{family.id}: __all__ and the definitions differ, in names or in order"
        )


def test_families_have_a_title_and_an_introduction() -> None:
    """The docstring of a family module is its title and its introduction."""
    for family in families.values():
        assert family.title
        assert len(family.introduction) > 100, f"{family.id} needs an introduction worth reading"


def test_names_are_words_people_search_for(activation: symacts.Activation) -> None:
    """Ids are snake_case words, without a suffix that every member would carry."""
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", activation.id)
    assert not activation.id.endswith(("_function", "_activation"))


def test_no_member_is_named_like_a_module() -> None:
    """`symacts.catalogue.name` means a family, `symacts.name` a member, and never both."""
    modules = {path.stem for path in PACKAGE.rglob("*.py")}

    assert not set(catalogue) & modules


def test_summary_is_one_sentence_that_says_what_it_does(activation: symacts.Activation) -> None:
    """The summary starts with a verb, ends with a full stop and does not repeat the title."""
    summary = activation.summary

    assert re.fullmatch(r"[A-Z][^.]*\.", summary), f"{activation.id}: one sentence, full stop"
    assert len(summary) < 110
    assert not summary.lower().startswith(("this ", "the ", "a ", "an ")), (
        f"{activation.id}: begin the summary with what it does to the input, verb first"
    )


def test_notes_say_something(activation: symacts.Activation) -> None:
    """Every page has notes worth reading."""
    assert len(activation.notes) > 60, f"{activation.id} needs notes worth reading"


def test_parameters_say_what_they_mean(activation: symacts.Activation) -> None:
    """Each parameter has a meaning, under `Args:` in the docstring."""
    for p in activation.params.values():
        assert p.meaning.endswith("."), f"{activation.id}: say what {p.name} does, under Args:"


def test_citations_exist(activation: symacts.Activation) -> None:
    """Each key that a definition or its notes cite is in references.bib."""
    cited = {*activation.references, *re.findall(r"\[@([\w-]+)\]", activation.notes)}

    assert cited, f"{activation.id} cites nothing"
    missing = cited - set(references())
    assert not missing, (
        f"{activation.id} cites {missing}, which is not in references.bib; add it or fix the key"
    )


def test_constants_are_exact(activation: symacts.Activation) -> None:
    """A float in a definition would spread through every derivative."""
    assert not activation.expr.atoms(sympy.Float), (
        f"{activation.id} has a float; write a Rational or a closed form"
    )


def test_symbols_are_the_declared_ones(activation: symacts.Activation) -> None:
    """The formula uses its inputs and every one of its parameters, and nothing else."""
    if activation.kind == "vector":
        return
    declared = {*activation.inputs, *(p.symbol for p in activation.params.values())}

    assert activation.expr.free_symbols == declared


def test_find_answers_to_every_name(activation: symacts.Activation) -> None:
    """Id, titles and aliases lead to the member, in any case and with any separator."""
    for name in (activation.id, activation.title, activation.long_title, *activation.aliases):
        if name:
            assert symacts.find(name) is activation
            assert symacts.find(name.upper().replace(" ", "-")) is activation


def test_find_suggests_the_nearest_names() -> None:
    """A typo is answered with what it may have meant."""
    with pytest.raises(symacts.UnknownActivation, match=r"'geluu'; did you mean gelu"):
        symacts.find("geluu")
    with pytest.raises(KeyError):
        symacts.find("zzzzzz")


def test_source_leads_to_the_definition(activation: symacts.Activation) -> None:
    """The source line is where the decorator of the definition stands."""
    file, line = activation.source

    text = (PACKAGE.parent / file).read_text("utf-8").splitlines()
    assert text[line - 1].startswith("@activation(")


def test_selu_constants_reproduce_the_published_digits() -> None:
    """The closed forms give alpha and lambda of Klambauer et al. to 30 digits."""
    below, above = symacts.selu.pieces().parts
    scale = above.subs(symacts.selu.variable, 1)

    assert str(scale.evalf(31)) == "1.050700987355480493419334985295"
    assert str((-below.limit(symacts.selu.variable, -sympy.oo) / scale).evalf(31)).startswith(
        "1.67326324235437728481704299167"
    )
