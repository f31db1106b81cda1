"""The page's parts by themselves: pictures made light, text made safe, cells that know words and number."""

import re
import struct
import zlib
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.page.markup import anchor, clean, policy
from reports.page.pictures import HEAVY, compact, inline, size, svg_address
from reports.page.table import Cell, Column, Row, Table, between, measured, number, pounds, significance
from reports.picture import Picture


def picture(folder: Path, *, svg: str = "", png: bytes = b"") -> Picture:
    """A picture with the files that are given."""
    names = {"chart.svg": svg.encode(), "chart.png": png}
    for name, data in names.items():
        if data:
            (folder / name).write_bytes(data)
    file, raster = (name if data else "" for name, data in names.items())
    return Picture(
        id="a b",
        kind="funnel",
        indicator="A",
        area="",
        title="",
        alt="",
        file=file,
        png=raster,
        source="",
        folder=folder,
    )


def png(width: int, height: int) -> bytes:
    """The header of a PNG, which is all that is read."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))


SMALL = '<svg viewBox="0 0 576 409.5"><path d="M 1 2"/></svg>'


def test_a_light_drawing_stays_one(tmp_path: Path) -> None:
    made = inline(picture(tmp_path, svg=SMALL, png=png(1152, 819)))
    assert made.data.startswith("data:image/svg+xml,")
    assert (made.width, made.height, made.id) == (576, 410, "picture-a-b-806c5cd3")


def test_a_heavy_drawing_gives_way_to_its_bitmap(tmp_path: Path) -> None:
    heavy = SMALL.replace("1 2", "1 2 " * HEAVY)
    made = inline(picture(tmp_path, svg=heavy, png=png(1152, 819)))
    assert made.data.startswith("data:image/png;base64,")
    assert (made.width, made.height) == (1152, 819)
    assert inline(picture(tmp_path, svg=heavy)).data.startswith("data:image/svg+xml,")


def test_a_picture_drawn_as_a_bitmap_only_is_shown(tmp_path: Path) -> None:
    assert inline(picture(tmp_path, png=png(10, 20))).height == 20


def test_a_drawing_without_a_size_is_refused() -> None:
    with pytest.raises(ValueError, match="viewBox"):
        size("<svg></svg>")


def test_a_drawing_keeps_the_words_and_figures_that_are_read() -> None:
    words = '<text x="1.234" y="2">1.2575 "quoted" it\'s 100% &lt;5 #1 £</text>'
    light = compact(f'<svg viewBox="0 0 1 1"><title id="t">gone</title>{words}</svg>')
    assert '>1.2575 "quoted" it\'s 100% &lt;5 #1 £</text>' in light
    assert "x='1.2'" in light
    assert "gone" not in light


def test_ids_that_are_used_stay() -> None:
    drawing = '<svg><clipPath id="c"/><g id="x" clip-path="url(#c)"><path d="M 0 0"/></g></svg>'
    assert "id='c'" in compact(drawing)
    assert "id='x'" not in compact(drawing)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_an_address_holds_nothing_that_ends_an_attribute_and_gives_the_drawing_back(words: str) -> None:
    text = words.replace("<", "").replace("&", "").replace(">", "")
    drawing = f'<svg viewBox="0 0 1 1"><text>{text}</text></svg>'
    address = svg_address(drawing)
    assert not re.search(r'["<>&\s](?<! )', address)
    assert unquote(address.removeprefix("data:image/svg+xml,")) == compact(drawing)


@given(st.text())
def test_clean_text_has_nothing_unseen_and_has_lost_nothing_else(words: str) -> None:
    cleaned = clean(words)
    assert cleaned.isprintable() or any(letter.isspace() for letter in cleaned)
    assert [c for c in cleaned if c.isalnum()] == [c for c in words if c.isalnum()]
    assert clean(cleaned) == cleaned


@given(st.text(), st.text())
def test_two_codes_have_two_anchors_that_an_address_can_hold(one: str, other: str) -> None:
    assert re.fullmatch(r"row-[A-Za-z0-9_.-]*", anchor("row", one))
    assert (anchor("row", one) == anchor("row", other)) == (one == other)


def test_the_policy_changes_with_the_script() -> None:
    assert policy(style="a", script="b") != policy(style="a", script="b ")


@pytest.mark.parametrize("made", [pounds, number, lambda value: measured(value, "%")])
def test_a_cell_without_a_figure_says_why(made: object) -> None:
    for value in (None, float("nan"), float("inf")):
        assert made(value) == Cell(text="[x]")  # type: ignore[operator]
    assert made("[c]") == Cell(text="[c]")  # type: ignore[operator]


def test_a_cell_keeps_the_full_figure_beside_what_is_read() -> None:
    assert pounds(1234567.891) == Cell(text="£1.2m", value=1234567.89)  # to the penny
    assert pounds(0.0) == Cell(text="£0", value=0.0)
    assert number(8) == Cell(text="8", value=8.0)
    assert between("[c]", "[c]").text == "[c]"


def test_only_what_stands_out_is_marked() -> None:
    assert significance("worse").mark == "worse"
    assert (significance("similar").mark, significance(None).text) == ("", "not tested")


def test_a_row_that_does_not_fit_its_headings_is_refused() -> None:
    with pytest.raises(ValueError, match="t: a row of 1 cells under 2 columns"):
        Table(
            id="t",
            caption="",
            columns=(Column(name="a"), Column(name="b")),
            rows=(Row(cells=(Cell(text="1"),)),),
        )
