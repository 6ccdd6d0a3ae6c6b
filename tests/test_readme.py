"""What the README shows is what happens."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from symacts.cli import main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
# Commands that install, build or test: CI runs the first ones as they stand, other tests the rest.
NOT_RUN_HERE = ("python3", ".venv/bin/", "pip", "symacts build", "symacts serve")
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -e '.[{}]' -c constraints.txt && {}"
SITE_COMMAND = INSTALL.format("docs", ".venv/bin/symacts build")
TEST_COMMAND = INSTALL.format("test", ".venv/bin/pytest")


def blocks(language: str) -> list[str]:
    """Return the README's code blocks in one language."""
    return [block["text"] for block in BLOCK.finditer(README) if block["language"] == language]


def sessions() -> list[tuple[str, str]]:
    """Return each command of the console blocks that can run here, with the output shown."""
    found = []
    for text in blocks("console"):
        for entry in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, output = entry.partition("\n")
            if not command.startswith(NOT_RUN_HERE):
                found.append((command, output))
    return found


def test_python_examples_give_what_they_show() -> None:
    """The README's Python sessions print what they claim to print."""
    text = "\n".join(blocks("pycon"))
    test = doctest.DocTestParser().get_doctest(
        text, {"__name__": "readme"}, "README.md", "README.md", 0
    )
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    report: list[str] = []
    runner.run(test, out=report.append)

    assert test.examples, "The README shows no Python session in a ```pycon block."
    assert runner.failures == 0, "".join(report)


@pytest.mark.parametrize(("command", "output"), sessions(), ids=lambda value: value.split("\n")[0])
def test_console_examples_give_what_they_show(
    command: str,
    output: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Each command of the README prints exactly the lines below it."""
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(command)

    assert program == "symacts"
    assert main(arguments) == 0
    assert capsys.readouterr().out.rstrip() == output.rstrip()


def test_both_commands_stand_first() -> None:
    """The commands for the site and for the tests stand in the README as promised."""
    assert f"\n{SITE_COMMAND}\n" in README
    assert f"\n{TEST_COMMAND}\n" in README


def test_ci_runs_both_commands() -> None:
    """The script for continuous integration runs the very commands of the README."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    plain = script.replace('"$python"', "python3").replace("install -q", "install")

    assert f"  {SITE_COMMAND}\n" in plain
    assert f"  {TEST_COMMAND}\n" in plain


def test_links_lead_somewhere() -> None:
    """Links and pictures within the project lead to files that exist."""
    targets = re.findall(r"\]\(([^)#]+)", README)
    broken = [to for to in targets if "://" not in to and not (ROOT / to).exists()]

    assert broken == []
