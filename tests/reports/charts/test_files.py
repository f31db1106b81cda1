"""A chart as a file: an SVG that can be read aloud, a small PNG, and the same bytes each time."""

import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from PIL import Image

from reports import style
from reports.charts import caterpillar_chart, files, funnel_chart, spine_chart
from reports.charts.frame import Caption
from reports.contents import Contents
from reports.pack_rows import latest

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script> \"quoted\" & 'single' \u202eturned\x07\ufffe ]]> --> $x^2$"
SAFE = "<script>alert(1)</script> \"quoted\" & 'single' turned ]]> --> $x^2$"


def draw_funnel(contents: Contents, name: str = "A&E attendances") -> Figure:
    """A funnel of all practices, made anew; ``name`` stands wherever an indicator's or an area's name may."""
    table = latest(contents.comparison[contents.comparison["kind"] == "practice"], contents.period)
    table = table[table["indicator"] == "emergency_attendances"]
    names = table["area"].map(contents.areas.set_index("area")["name"]) if name == "A&E attendances" else name
    caption = Caption(
        name=name,
        unit="per 1,000 patients",
        period="2016/17",
        kind="practice",
        polarity="low",
        source=name,
        notice=name,
    )
    return funnel_chart.funnel(table.assign(name=names), caption=caption)


@pytest.fixture(scope="module")
def funnel(contents: Contents) -> Figure:
    """A funnel of 98 areas."""
    return draw_funnel(contents)


@pytest.fixture(scope="module")
def drawn(funnel: Figure) -> str:
    """It as SVG."""
    return files.svg(funnel, title="A title", alt="Words.")


def test_an_svg_opens_with_its_title_and_its_words(drawn: str) -> None:
    root = ET.fromstring(drawn)
    assert root.tag == f"{SVG}svg"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert (root[0].text, root[1].text) == ("A title", "Words.")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"
    assert root.get("lang") == "en-GB"


def test_hostile_words_are_words_and_nothing_else(contents: Contents) -> None:
    text = files.svg(draw_funnel(contents, HOSTILE), title=HOSTILE, alt=HOSTILE)
    root = ET.fromstring(text)
    assert (root[0].text, root[1].text) == (SAFE, SAFE)
    assert list(root.iter(f"{SVG}script")) == []
    written = [element.text or "" for element in root.iter(f"{SVG}text")]
    assert any(line.startswith("<script>alert(1)</script>") for line in written)
    assert not any(mark in text for mark in ("\u202e", "\x07", "\ufffe", "<script"))
    assert not any(name.lower().startswith("on") for element in root.iter() for name in element.attrib)


def test_hostile_words_are_safe_on_the_other_charts_too(contents: Contents) -> None:
    table = latest(contents.comparison[contents.comparison["kind"] == "locality"], contents.period)
    one = table[table["indicator"] == "emergency_attendances"].assign(name=HOSTILE)
    caption = Caption(name=HOSTILE, unit=HOSTILE, period=HOSTILE, source=HOSTILE, banner=HOSTILE)
    told = contents.catalogue.head(3).assign(name=HOSTILE, unit=HOSTILE, programme=HOSTILE)
    rows = spine_chart.spine_rows(table, told, one["area"].iloc[0])
    for figure in (
        caterpillar_chart.caterpillar(one, caption=caption),
        spine_chart.spine(rows, caption=caption, parent_name=HOSTILE),
    ):
        text = files.svg(figure, title=HOSTILE, alt=HOSTILE)
        ET.fromstring(text)
        assert not any(mark in text for mark in ("\u202e", "\x07", "\ufffe", "<script"))


def test_text_stays_text(drawn: str, funnel: Figure) -> None:
    root = ET.fromstring(drawn)
    written = {element.text for element in root.iter(f"{SVG}text")}
    assert {text.get_text().strip() for text in (*funnel.texts, *funnel.axes[0].texts)} <= written
    assert "glyph" not in drawn.casefold()
    assert "font-family:" not in drawn.replace("font-family=", "")
    assert style.CSS_FAMILIES in (root.get("font-family") or "")


def test_an_svg_says_no_date_and_asks_nothing_of_a_network(drawn: str) -> None:
    assert "<metadata" not in drawn
    assert re.search(r"20\d\d-\d\d-\d\d", drawn) is None
    addresses = re.findall(r"https?://[^\s\"'<]+", drawn)
    assert set(addresses) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_a_funnel_and_a_caterpillar_of_98_areas_are_small(contents: Contents, drawn: str) -> None:
    assert len(drawn.encode()) < 60_000
    table = latest(contents.comparison[contents.comparison["kind"] == "practice"], contents.period)
    for code in ("emergency_attendances", "deaths"):
        own = table[table["indicator"] == code].assign(name="A surgery")
        caption = Caption(name=code, kind="practice")
        for figure in (
            caterpillar_chart.caterpillar(own, caption=caption), funnel_chart.funnel(own, caption=caption),
        ):  # fmt: skip
            assert len(files.svg(figure, title="", alt="").encode()) < 60_000


def test_making_an_svg_small_moves_nothing_by_a_hundredth_of_a_point(funnel: Figure, drawn: str) -> None:
    with style.context():
        stream = io.StringIO()
        funnel.savefig(stream, format="svg", metadata={"Date": None})
    before, after = (ET.fromstring(text) for text in (stream.getvalue(), drawn))
    for name in ("x", "y"):
        one, other = (
            [float(use.get(name, "nan")) for use in tree.iter(f"{SVG}use")] for tree in (before, after)
        )
        assert len(one) == len(other) > 98
        assert one == pytest.approx(other, abs=0.0101)


def test_the_same_chart_gives_the_same_bytes(contents: Contents, funnel: Figure, drawn: str) -> None:
    assert files.svg(funnel, title="A title", alt="Words.") == drawn
    first, second = (files.png(funnel, title="A title", alt="Words.") for _ in range(2))
    assert first == second
    again = draw_funnel(contents)
    assert files.png(again, title="A title", alt="Words.") == first
    assert files.svg(again, title="A title", alt="Words.") == drawn


def test_a_png_is_sharp_small_and_carries_its_words(funnel: Figure) -> None:
    data = files.png(funnel, title="A title", alt=HOSTILE)
    assert len(data) < 80_000
    image = Image.open(io.BytesIO(data))
    image.load()
    width, height = funnel.get_size_inches() * style.DPI
    assert image.size == (int(width), int(height))
    assert image.info["dpi"] == pytest.approx((style.DPI, style.DPI), abs=0.1)
    assert image.text == {"Title": "A title", "Description": SAFE}
    assert funnel.dpi == 72, "the figure is left as it was"


def test_a_png_keeps_the_colours_that_say_something(funnel: Figure) -> None:
    image = Image.open(io.BytesIO(files.png(funnel, title="", alt=""))).convert("RGB")
    there = {colour for _, colour in image.getcolors(1 << 24) or []}
    for colour in (style.DARK_BLUE, style.ORANGE, style.MID_GREY, "#FFFFFF"):
        wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        assert min(max(abs(a - b) for a, b in zip(one, wanted, strict=True)) for one in there) <= 16, colour


def test_the_ending_names_the_format(funnel: Figure, tmp_path: Path) -> None:
    files.save(funnel, tmp_path / "a.svg", title="A", alt="B")
    files.save(funnel, tmp_path / "a.png", title="A", alt="B")
    assert (tmp_path / "a.svg").read_bytes().startswith(b"<?xml")
    assert b"\r" not in (tmp_path / "a.svg").read_bytes()
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ValueError, match=r"expected a path ending in \.svg or \.png, got 'a\.gif'"):
        files.save(funnel, tmp_path / "a.gif", title="A", alt="B")
