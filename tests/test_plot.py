"""Pictures for notebooks and papers, drawn by matplotlib without touching its global state."""

import re
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

import symacts
from symacts.plot import plot, save

EVERY = list(symacts.catalogue.values())


def axes() -> mpl.axes.Axes:
    return Figure().add_subplot()


@pytest.mark.parametrize("act", EVERY, ids=lambda act: act.id)
def test_every_member_is_drawn(act: symacts.Activation) -> None:
    """Every member of the catalogue has a picture with its title on it and something in it."""
    ax = act.plot()

    assert ax.get_title(loc="left") == act.title
    assert ax.lines or ax.collections


def test_the_legend_names_the_derivatives() -> None:
    """A picture alone names its curves f, f' and f''."""
    labels = plot(symacts.gelu, orders=(0, 1, 2)).get_legend_handles_labels()[1]

    assert labels == ["$f$", "$f'$", "$f''$"]


def test_given_axes_are_used_and_name_the_member() -> None:
    """In the user's Axes curves are called by the member, and earlier ones stay in sight."""
    ax = axes()
    assert plot(symacts.relu6, ax=ax, orders=(0,)) is ax
    plot(symacts.tanh, ax=ax, orders=(0, 1))

    assert ax.get_legend_handles_labels()[1] == ["ReLU6", "Tanh", "Tanh$'$"]
    assert ax.get_xlim()[1] >= 6


def test_derivatives_keep_the_colour_of_their_member() -> None:
    """Beside others, a member and its derivative share a colour and differ in dashes."""
    ax = axes()
    plot(symacts.tanh, ax=ax)
    value, slope = ax.lines

    assert to_hex(value.get_color()) == to_hex(slope.get_color())
    assert value.get_linestyle() != slope.get_linestyle()


def test_a_jump_is_not_joined() -> None:
    """The line of ReLU's slope is interrupted at zero and has a dot on either side of the jump."""
    ax = plot(symacts.relu, orders=(1,))
    line, *others = ax.lines
    dots = {tuple(dot.get_ydata()): dot for dot in others if dot.get_marker() == "o"}

    assert np.isnan(line.get_ydata()[1:-1]).any()
    assert dots.keys() == {(0.0,), (1.0,)}
    assert dots[1.0,].get_markerfacecolor() == "white"
    assert dots[0.0,].get_markerfacecolor() == to_hex(line.get_color())


def test_parameters_and_span_reach_the_picture() -> None:
    """The curve is that of the given parameters, over the given span."""
    ax = plot(symacts.elu, orders=(0,), span=(-6, 1), alpha=2.0)

    assert ax.get_xlim() == (-6, 1)
    assert np.nanmin(ax.lines[0].get_ydata()) == pytest.approx(float(symacts.elu(-6.0, alpha=2.0)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plot(symacts.relu, orders=()), "orders is empty"),
        (lambda: plot(symacts.relu, orders=(-1,)), "whole number from 0, not -1"),
        (lambda: plot(symacts.relu, orders=(0.5,)), "whole number from 0, not 0.5"),
        (lambda: plot(symacts.softmax, orders=(2,)), "orders 0 and 1 only"),
        (lambda: plot(symacts.glu, orders=(1,)), "map of its values"),
        (lambda: plot(symacts.elu, alpha=-1), "alpha > 0"),
        (lambda: plot(symacts.elu, beta=1), "no parameter 'beta'"),
        (lambda: plot(symacts.relu, span=(3, -3)), "span must be"),
        (lambda: save([symacts.elu, symacts.relu], "x.svg", gamma=1), "gamma"),
    ],
)
def test_unusable_arguments_are_named(call, message: str) -> None:
    """What cannot be drawn is refused, and the message says what would do."""
    with pytest.raises(symacts.ParameterError, match=re.escape(message)):
        call()


@pytest.mark.parametrize("suffix", [".svg", ".pdf", ".png"])
def test_files_are_the_same_every_time(tmp_path: Path, suffix: str) -> None:
    """Saving twice gives the same bytes: no date, no random id."""
    first, second = (save(symacts.selu, tmp_path / f"{n}{suffix}") for n in "ab")

    assert first.read_bytes() == second.read_bytes()


def test_several_members_share_a_file(tmp_path: Path) -> None:
    """Several members are drawn together, each with those of the parameters that it has."""
    path = save([symacts.relu, symacts.elu], tmp_path / "both.svg", orders=(0,), alpha=0.5)

    assert path.stat().st_size > 2000


def test_unknown_kind_of_file_is_refused(tmp_path: Path) -> None:
    """A suffix that cannot be written is refused with those that can."""
    with pytest.raises(symacts.SymactsError, match=r"\.svg, \.pdf or \.png, not as 'x\.gif'"):
        save(symacts.relu, tmp_path / "x.gif")


def test_unwritable_file_is_one_clear_message(tmp_path: Path) -> None:
    """A folder that does not exist is reported with the path that was asked for."""
    with pytest.raises(symacts.SymactsError, match=r"cannot write .*x\.svg: No such file"):
        save(symacts.relu, tmp_path / "nowhere" / "x.svg")


def test_global_state_is_left_alone(tmp_path: Path) -> None:
    """Drawing and saving change none of matplotlib's settings."""
    before = dict(mpl.rcParams)
    save(symacts.gelu, tmp_path / "gelu.svg")

    assert dict(mpl.rcParams) == before


def test_pyplot_is_never_imported() -> None:
    """A picture is made without pyplot, so no window opens and no figure piles up."""
    code = "import sys, symacts; symacts.gelu.plot(); print('matplotlib.pyplot' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "False"
