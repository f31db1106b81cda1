"""Which pictures a pack has: of the whole by localities, of one area beside its peers, and true counts on both."""

from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest

from reports.charts.of_areas import compared, subjects
from reports.charts.standard_set import KINDS, jobs
from reports.contents import Contents
from reports.pack_rows import latest


@pytest.fixture(scope="module")
def locality(contents: Contents) -> Contents:
    """The pack of one locality."""
    return replace(contents, focus="L04")


def kinds(contents: Contents) -> Counter[str]:
    """How many pictures of each kind."""
    return Counter(job.kind for job in jobs(contents, top=5))


def test_every_kind_is_declared_and_stands_in_its_order(contents: Contents, locality: Contents) -> None:
    for pack in (contents, locality, replace(contents, focus="SYN001")):
        assert set(kinds(pack)) <= set(KINDS)
        first = list(dict.fromkeys(job.kind for job in jobs(pack, top=1)))
        assert first == [kind for kind in KINDS if kind in first]


def test_the_whole_has_a_spine_of_each_locality_and_no_peers(contents: Contents) -> None:
    assert not compared(contents)
    counted = kinds(contents)
    assert counted["spine"] == (contents.areas["kind"] == "locality").sum()
    assert counted["similarity"] == counted["peer-bars"] == 0
    assert counted["quadrant"] == counted["league"] == counted["plan"] == counted["bridge"] == 1


def test_an_area_with_peers_has_its_own_pictures(locality: Contents) -> None:
    assert subjects(locality)["area"].tolist() == ["L04"]
    todo = jobs(locality, top=5)
    assert {job.area for job in todo if job.kind in ("spine", "pathway", "peer-bars", "quadrant")} == {"L04"}
    assert kinds(locality)["spine"] == 1


def test_a_practice_is_held_beside_its_ten_peers(contents: Contents) -> None:
    pack = replace(contents, focus="SYN076")
    (likeness,) = [job for job in jobs(pack, top=2) if job.kind == "similarity"]
    name = contents.areas.set_index("area").loc["SYN076", "name"]
    assert name in likeness.draw().title
    for job in jobs(pack, top=2):
        if job.kind == "peer-bars":
            assert "of its 10 peers" in job.draw().title


@pytest.mark.parametrize("focus", ["DOR", "L04", "L08"])
def test_a_spine_counts_over_all_indicators_not_over_those_chosen_for_it(
    contents: Contents, focus: str
) -> None:
    pack = replace(contents, focus=focus)
    spine = next(job for job in jobs(pack, top=1) if job.kind == "spine" and job.area in ("L04", "L08"))
    drawn = spine.draw()
    own = latest(contents.comparison, contents.period).query("area == @spine.area")
    judged = set(contents.catalogue.loc[contents.catalogue["polarity"] != "local", "indicator"])
    own = own[own["indicator"].isin(judged) & own["value"].notna()]
    tested = own[own["significance"].isin(["better", "worse", "similar"])]
    worse, better = ((tested["significance"] == said).sum() for said in ("worse", "better"))
    assert f"of {len(tested)} indicators, {worse} beyond chance on the side to ask about" in drawn.title
    assert f"and {better} on the other" in drawn.title
    assert "Dorset" in drawn.alt, "the diamond is the highest area that it is part of"


def test_a_spine_of_an_area_that_is_part_of_none_has_no_diamond(contents: Contents) -> None:
    areas = contents.areas.assign(
        parent=contents.areas["parent"].where(contents.areas["area"] != "L04", None)
    )
    pack = replace(contents, areas=areas, focus="L04")
    (spine,) = [job for job in jobs(pack, top=1) if job.kind == "spine"]
    assert "The diamond is" not in spine.draw().alt


def test_areas_that_are_part_of_each_other_end_the_way_up(contents: Contents) -> None:
    circle = contents.areas.set_index("area")
    circle.loc["L04", "parent"] = "C1"
    circle.loc["C1", "parent"] = "L04"
    pack = replace(contents, areas=circle.reset_index(), focus="L04")
    assert [job.area for job in jobs(pack, top=1) if job.kind == "spine"] == ["L04"]


def test_what_is_withheld_is_counted_on_the_pictures_of_its_indicator(contents: Contents) -> None:
    first = next(job.indicator for job in jobs(contents, top=1) if job.kind == "funnel")
    table = contents.comparison.copy()
    hidden = table.index[
        (table["indicator"] == first) & (table["kind"] == "practice") & (table["period"] == contents.period)
    ][:3]
    table.loc[hidden, "value"] = float("nan")
    table.loc[hidden, "significance"] = None
    table["suppressed"] = table.index.isin(hidden)
    pack = replace(contents, comparison=table)
    for job in jobs(pack, top=1):
        if job.kind in ("funnel", "caterpillar", "map"):
            drawn = job.draw()
            assert "Not drawn: 3 practices withheld" in drawn.source, job.kind
            assert "of 95 practices" in drawn.title


def test_boundaries_of_localities_draw_their_map_not_hexagons(contents: Contents) -> None:
    places = contents.areas[contents.areas["kind"] == "locality"]
    square = '{{"type": "Polygon", "coordinates": [[[{0}, 0], [{1}, 0], [{1}, 1], [{0}, 1], [{0}, 0]]]}}'
    outlines = [square.format(place, place + 1) for place in range(len(places))]
    pack = replace(contents, boundaries=pd.DataFrame({"area": places["area"], "geometry": outlines}))
    drawn = next(job for job in jobs(pack, top=1) if job.kind == "map").draw()
    assert drawn.alt.startswith("Map of")
    assert "13 localities" in drawn.title
