"""Fixtures that every test may ask for: published NHS figures and reference values beside the checkout."""

import os
import shutil
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("VARIATION_SHARED", Path(__file__).parents[2] / "shared"))


def require(present: bool, what: str) -> None:
    """Skip with one clear line where something outside the project is missing; in CI that is a failure."""
    if present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI must have it", pytrace=False)
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of published NHS figures."""
    require((SHARED / "data").is_dir(), f"published figures ({SHARED / 'data'})")
    return SHARED / "data"


@pytest.fixture(scope="session")
def vectors() -> Path:
    """Folder of reference values computed by the field's own tools."""
    require((SHARED / "vectors").is_dir(), f"reference values ({SHARED / 'vectors'})")
    return SHARED / "vectors"


@pytest.fixture(scope="session")
def example_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in example as files."""
    from variation.example import write_example

    folder = tmp_path_factory.mktemp("example")
    write_example(folder)
    return folder


@pytest.fixture(scope="session")
def example_analysis(example_folder: Path):
    """The built-in example, read and analysed."""
    from variation import analyse, read_inputs

    return analyse(read_inputs(example_folder / "analysis.toml"))


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice's command line, for tests that need a second spreadsheet program."""
    found = shutil.which("soffice")
    require(found is not None, "LibreOffice (soffice)")
    return str(found)
