"""The README's pictures are those that the code draws, and small enough to be looked at over a slow line."""

import json
from pathlib import Path

import pytest
from PIL import Image

from reports.contents import Contents
from tests import pictures


@pytest.fixture(scope="module")
def again(contents: Contents, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pictures drawn anew."""
    folder = tmp_path_factory.mktemp("readme")
    pictures.draw(contents, folder)
    return folder


def words(path: Path) -> tuple[str, str]:
    """Title and words of a picture."""
    with Image.open(path) as image:
        image.load()
        return str(image.info["Title"]), str(image.info["Description"])


@pytest.mark.parametrize("name", pictures.SHOWN)
def test_a_picture_of_the_readme_is_the_one_that_is_drawn(again: Path, name: str) -> None:
    hint = "draw them anew: python -m tests.pictures"
    kept, drawn = pictures.FOLDER / f"{name}.png", again / f"{name}.png"
    assert words(kept) == words(drawn), hint
    # With other fonts or another matplotlib the words are the same, and single pixels need not be.
    if json.loads((pictures.FOLDER / pictures.DRAWN_WITH).read_text()) == pictures.drawn_with():
        assert kept.read_bytes() == drawn.read_bytes(), hint


def test_together_they_are_light() -> None:
    assert sum(path.stat().st_size for path in pictures.FOLDER.glob("*.png")) < 250_000


def test_the_readme_shows_each_with_words_for_those_who_cannot_see_it() -> None:
    readme = (pictures.FOLDER.parents[1] / "README.md").read_text(encoding="utf-8")
    shown = readme.split("\n## ")[0]
    for name in pictures.SHOWN:
        assert f"docs/pictures/{name}.png" in shown
    assert shown.count('alt="') == len(pictures.SHOWN)
