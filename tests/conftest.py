"""What several test modules share: the reference site, built once."""

import os
import time
from pathlib import Path

import pytest

import symacts
from symacts.numeric.engine import use
from symacts.site_build import build_site
from tests.site_checks import site_project


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="record what is made now as what is expected; read the difference before committing",
    )


def pytest_configure(config):
    # Machine code is kept from one run to the next, but not in anybody's home.
    os.environ.setdefault("SYMACTS_CACHE", str(config.cache.mkdir("symacts")))


@pytest.fixture(params=symacts.catalogue.values(), ids=lambda act: act.id)
def activation(request) -> symacts.Activation:
    """Return each member of the catalogue in turn."""
    return request.param


@pytest.fixture(params=["base", "fast"])
def engine(request):
    """Compute with each engine in turn."""
    if request.param == "fast":
        pytest.importorskip("llvmlite", reason="the fast engine needs llvmlite")
    with use(request.param):
        yield request.param


@pytest.fixture(scope="session")
def built_site(tmp_path_factory) -> Path:
    """Build the whole reference site from nothing and return its folder, once for all tests."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        # The processes that share the work share the site as well: the first one builds it.
        folder = folder.parent
    folder /= "reference"
    try:
        folder.mkdir()
    except FileExistsError:
        return wait_for(folder)
    try:
        return build_site(config_file=site_project(folder), strict=True).parent
    except BaseException:
        (folder / "failed").touch()
        raise


def wait_for(folder: Path) -> Path:
    """Return the site that another process builds; it appears when it is complete."""
    while not (folder / "site" / "index.html").is_file():
        if (folder / "failed").exists():
            pytest.fail("another process could not build the site")
        time.sleep(0.5)
    return folder / "site"
