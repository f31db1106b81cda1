"""The pages of single areas and their index in a browser: open to everybody, wide and narrow, light and dark."""

from pathlib import Path

import pytest

from reports.area_pack import AreaContents, Story, write_area_pack
from reports.area_pack.index import Entry, write_index
from tests.reports.conftest import Opened

pytestmark = pytest.mark.system

SCREENS = [("light", 1280), ("dark", 1280), ("light", 400)]


def assert_open_to_everybody(path: Path, opened: Opened, axe: str, scheme: str, width: int) -> None:
    page = opened(path, width=width, color_scheme=scheme)
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("kind", ["practice", "locality"])
@pytest.mark.parametrize(("scheme", "width"), SCREENS)
def test_the_page_of_an_area_is_open_to_everybody(
    practice: AreaContents, locality: AreaContents, opened: Opened, axe: str, tmp_path: Path,
    kind: str, scheme: str, width: int,
) -> None:  # fmt: skip
    write_area_pack(Story({"practice": practice, "locality": locality}[kind]), tmp_path, {"page"})
    assert_open_to_everybody(tmp_path / "index.html", opened, axe, scheme, width)


@pytest.mark.parametrize(("scheme", "width"), SCREENS)
def test_the_index_of_areas_is_open_to_everybody(
    locality: AreaContents, opened: Opened, axe: str, tmp_path: Path, scheme: str, width: int
) -> None:
    about = {"kind": "locality", "part_of": "West cluster", "look_at": ("Hypnotics", "Length of stay")}
    entries = [
        Entry(area="L04", name="Weymouth", headline="5 to ask about", link="L04/index.html", **about),
        Entry(area="L05", name="Purbeck", headline="its pack could not be written", link="", **about),
    ]
    write_index(locality.contents, entries, tmp_path, main="../index.html")
    assert_open_to_everybody(tmp_path / "index.html", opened, axe, scheme, width)
