"""The disk cache: what is made once is found again, and what is damaged is made anew."""

import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from symacts.cache import Cache, code_fingerprint


class Maker:
    """Makes a text and counts how often it was asked to."""

    def __init__(self, text: str = "made") -> None:
        self.text = text
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        return self.text


def entries(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*/??/*") if path.is_file()]


def test_an_entry_is_made_once(tmp_path: Path) -> None:
    """The second request for the same parts finds what the first one made, in a new process too."""
    make = Maker("π ≈ 3\r\n")

    first = Cache(tmp_path).remember("things", ["a", "b"], make)
    second = Cache(tmp_path).remember("things", ["a", "b"], make)

    assert (first, second, make.calls) == ("π ≈ 3\r\n", "π ≈ 3\r\n", 1)


@pytest.mark.parametrize("other", [["ab", ""], ["a"], ["b", "a"], ["a", "b", ""], ["a", "B"]])
def test_every_part_counts(tmp_path: Path, other: list[str]) -> None:
    """Parts that differ in any way, their boundaries included, never share an entry."""
    cache = Cache(tmp_path)
    cache.remember("things", ["a", "b"], Maker("one"))

    assert cache.remember("things", other, Maker("two")) == "two"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: data[:0], id="emptied"),
        pytest.param(lambda data: data[:-1], id="cut short"),
        pytest.param(lambda data: data.replace(b"sound", b"wrong"), id="altered"),
        pytest.param(lambda data: data + b"x", id="lengthened"),
        pytest.param(lambda data: data.partition(b"\n")[2], id="without checksum"),
        pytest.param(lambda data: b"\xff\xfe" + data, id="not text"),
    ],
)
def test_a_damaged_entry_is_made_again(tmp_path: Path, damage) -> None:
    """An entry that does not match its checksum is not trusted, and is sound afterwards."""
    cache, make = Cache(tmp_path), Maker("sound text")
    cache.remember("things", ["a"], make)
    (entry,) = entries(tmp_path)
    entry.write_bytes(damage(entry.read_bytes()))

    assert cache.remember("things", ["a"], make) == "sound text"
    assert cache.remember("things", ["a"], make) == "sound text"
    assert make.calls == 2, "a damaged entry must be made again, once"


def test_without_a_folder_nothing_is_kept(tmp_path: Path, monkeypatch) -> None:
    """A cache without a folder makes everything each time and writes nothing."""
    monkeypatch.chdir(tmp_path)
    cache, make = Cache(None), Maker()

    cache.remember("things", ["a"], make)
    cache.remember("things", ["a"], make)

    assert make.calls == 2
    assert list(tmp_path.iterdir()) == []


def test_a_failure_is_not_kept(tmp_path: Path) -> None:
    """If making raises, the exception passes and leaves neither an entry nor half a file."""

    def fail() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        Cache(tmp_path).remember("things", ["a"], fail)

    assert entries(tmp_path) == []


def test_an_unwritable_folder_stops_nobody(tmp_path: Path, caplog) -> None:
    """Where the cache cannot be written, things are made all the same and one warning is logged."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    cache = Cache(blocked / "cache")

    with caplog.at_level(logging.WARNING):
        assert cache.remember("things", ["a"], Maker()) == "made"
        assert cache.remember("things", ["b"], Maker()) == "made"

    assert len(caplog.records) == 1


def test_writers_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    """Many threads that ask for the same entries all get the right text."""
    texts = [f"{n} " * 5000 for n in range(4)]

    def ask(n: int) -> bool:
        cache = Cache(tmp_path)
        return cache.remember("things", [str(n % 4)], lambda: texts[n % 4]) == texts[n % 4]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(64)))
    assert len(entries(tmp_path)) == 4, "no temporary file may stay behind"


def test_an_entry_under_the_name_of_another_is_made_again(tmp_path: Path) -> None:
    """A sound file that was made from something else is not taken for what is asked for."""
    cache = Cache(tmp_path)
    for part in ("a", "b"):
        cache.remember("things", [part], Maker(part))
    one, other = (Cache._path(tmp_path, "things", [part]) for part in ("a", "b"))
    other.write_bytes(one.read_bytes())

    assert cache.remember("things", ["b"], Maker("new")) == "new"


def test_git_and_backups_leave_the_folder_alone(tmp_path: Path) -> None:
    """The folder says itself that it is a cache and that git has no business in it."""
    Cache(tmp_path / ".cache").remember("things", ["a"], Maker())

    assert (tmp_path / ".cache" / ".gitignore").read_text() == "*\n"
    assert (tmp_path / ".cache" / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28")


def test_sweeping_keeps_what_was_used_last(tmp_path: Path) -> None:
    """When the cache is too large, entries go in the order in which they were last used."""
    cache = Cache(tmp_path)
    for age in range(4):
        cache.remember("things", [str(age)], Maker("x" * 1000))
    sizes = {path.stat().st_size for path in entries(tmp_path)}
    assert len(sizes) == 1, "equal texts make files of one size"
    for age in range(4):
        path = Cache._path(tmp_path, "things", [str(age)])
        os.utime(path, (time.time() - age, time.time() - age))

    cache.sweep(largest=10_000)
    assert len(entries(tmp_path)) == 4, "there is room for all of them"
    cache.sweep(largest=3_000)

    again = [Maker() for _ in range(4)]
    for age, make in enumerate(again):
        cache.remember("things", [str(age)], make)
    assert [make.calls for make in again] == [0, 1, 1, 1]


def test_use_is_noted(tmp_path: Path) -> None:
    """An entry that was not used for days is young again once it is."""
    cache = Cache(tmp_path)
    cache.remember("things", ["a"], Maker())
    (entry,) = entries(tmp_path)
    os.utime(entry, (0, 0))

    cache.remember("things", ["a"], Maker())

    assert entry.stat().st_mtime > 0


def test_the_fingerprint_of_code_follows_the_code() -> None:
    """Different sources or libraries have different fingerprints, equal ones the same."""
    one = code_fingerprint("cache.py")

    assert one == code_fingerprint("cache.py")
    assert one != code_fingerprint("errors.py")
    assert one != code_fingerprint("cache.py", libraries=("sympy",))
    assert code_fingerprint("catalogue") != code_fingerprint("numeric")
    assert code_fingerprint(libraries=("no such library",)) != code_fingerprint()
