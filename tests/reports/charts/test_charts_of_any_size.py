"""Every kind of chart at 13, 98 and 6,500 areas, and of none, one, alike, missing and withheld ones."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from reports.charts import (
    caterpillar_chart,
    funnel_chart,
    map_chart,
    pathway_chart,
    peer_bars_chart,
    quadrant_chart,
    ribbon_chart,
    similarity_chart,
    spine_chart,
    xmr_chart,
)
from tests.reports.charts.drawing import CAPTION, SIZES, covered, said, some_areas, some_rows, some_series

Rows = Callable[[pd.DataFrame], pd.DataFrame]
CATALOGUE = pd.DataFrame(
    {
        "indicator": ["copd", "spend", "deaths", "long"],
        "name": ["Emergency admissions for COPD", "Spend on respiratory care", "Deaths under 75",
                 "Severe mental illness: full physical health check in the last twelve months, aged 18 and over"],
        "programme": "Respiratory",
        "pathway_stage": ["non-elective", "spend", "outcome", "primary care"],
        "unit": ["per 1,000 patients", "£ per patient", "per 100,000 patients", "%"],
        "polarity": ["low", "low", "low", "high"],
    }
)  # fmt: skip


def every_indicator(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of one indicator for each of the catalogue's, a little apart."""
    parts = []
    for place, code in enumerate(CATALOGUE["indicator"]):
        factor = 1 + 0.07 * place
        columns = ["value", "comparator_value", "difference", "difference_lower_95", "difference_upper_95"]
        parts.append(rows.assign(indicator=code, **{name: rows[name] * factor for name in columns}))
    return pd.concat(parts, ignore_index=True)


def features_of(areas: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """How like its peers the first area is."""
    own = areas[areas["kind"] == "practice"]
    here = own[own["area"].isin(rows["area"])]
    first = str(own["area"].iloc[0])
    peers = pd.DataFrame({"area": first, "peer": here["area"].iloc[1:11]})
    return similarity_chart.similarity_rows(here, peers, first)


def series_of(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows over fifteen periods."""
    years = [rows.assign(period=f"{2002 + year}/{3 + year:02}") for year in range(15)]
    return pd.concat(years, ignore_index=True)


def draw_xmr(rows: pd.DataFrame) -> Figure:
    """The first area's own series."""
    about = {"process_mean": 12.8, "process_lower": 9.0, "process_upper": 16.0, "trial_limits": False}
    trend = pd.DataFrame(
        [{"indicator": "copd", "area": "P00000", "special_cause": "none", "last_period": "2016/17", **about}]
    )
    points = xmr_chart.xmr_rows(series_of(rows), trend, "copd", "P00000")
    return xmr_chart.xmr(points, caption=CAPTION)


def draw_quadrant(rows: pd.DataFrame) -> Figure:
    """A point for each area."""
    points = quadrant_chart.quadrant_rows(every_indicator(rows), CATALOGUE, rows["area"].tolist(), by="area")
    names = some_areas(len(rows) or 1).set_index("area")["name"]
    points = points.assign(name=points["code"].map(names))
    return quadrant_chart.quadrant(points, caption=CAPTION, noun="practice")


def draw_pathway(rows: pd.DataFrame) -> Figure:
    """All areas of the pathway beside each other."""
    every = pathway_chart.pathway_rows(every_indicator(rows), CATALOGUE, "Respiratory", rows["area"].tolist())
    return pathway_chart.pathway(every, caption=CAPTION)


def draw_one_pathway(rows: pd.DataFrame) -> Figure:
    """The first area's pathway, with intervals and figures."""
    every = pathway_chart.pathway_rows(every_indicator(rows), CATALOGUE, "Respiratory", ["P00000"])
    return pathway_chart.pathway(every, caption=CAPTION, name="Hazel Surgery")


def draw_spine(rows: pd.DataFrame) -> Figure:
    """The first area's spine."""
    if rows.empty:
        nothing = spine_chart.spine_rows(every_indicator(some_rows(2)), CATALOGUE.iloc[:0], "P00000")
        return spine_chart.spine(nothing, caption=CAPTION)
    spine = spine_chart.spine_rows(every_indicator(rows), CATALOGUE, "P00000")
    return spine_chart.spine(spine, caption=CAPTION, parent_name="Dorset (synthetic example)")


def draw_bars(rows: pd.DataFrame) -> Figure:
    """The first area among its peers."""
    peers = rows["area"].tolist()[1:11]
    bars = peer_bars_chart.peer_bar_rows(rows, peers, "P00000", polarity="low")
    return peer_bars_chart.peer_bars(bars, caption=CAPTION, name="Hazel Surgery")


def draw_similarity(rows: pd.DataFrame) -> Figure:
    """The first area beside its peers."""
    return similarity_chart.similarity(features_of(some_areas(max(len(rows), 1)), rows), caption=CAPTION)


def draw_map(rows: pd.DataFrame) -> Figure:
    """A hexagon for each area."""
    return map_chart.map_of_areas(
        map_chart.map_rows(rows, some_areas(max(len(rows), 1))), caption=CAPTION, flags_expected=2.0
    )


def draw_ribbon(rows: pd.DataFrame) -> Figure:
    """The first area on the spread of all."""
    spread = ribbon_chart.ribbon_rows(series_of(rows), "copd", "P00000", "practice")
    return ribbon_chart.ribbon(spread, caption=CAPTION, name="Hazel Surgery")


KINDS: dict[str, Callable[[pd.DataFrame], Figure]] = {
    "funnel": lambda rows: funnel_chart.funnel(rows, caption=CAPTION, flags_expected=2.0),
    "caterpillar": lambda rows: caterpillar_chart.caterpillar(rows, caption=CAPTION, flags_expected=2.0),
    "map": draw_map,
    "ribbon": draw_ribbon,
    "xmr": draw_xmr,
    "quadrant": draw_quadrant,
    "pathway": draw_pathway,
    "pathway of one": draw_one_pathway,
    "spine": draw_spine,
    "peer bars": draw_bars,
    "similarity": draw_similarity,
}
OF_ONE = ("xmr", "pathway of one", "similarity")  # what is drawn does not hang on how many areas there are

EDGES: dict[str, Rows] = {
    "none": lambda rows: rows.iloc[:0],
    "one": lambda rows: rows.iloc[:1],
    "all alike": lambda rows: rows.assign(
        value=12.8, lower_95=12.0, upper_95=13.6, comparator_value=12.8, difference=0.0,
        difference_lower_95=-1.0, difference_upper_95=1.0, significance="similar", denominator=5000.0,
    ),
    "all nought": lambda rows: rows.assign(
        value=0.0, lower_95=0.0, upper_95=0.7, comparator_value=0.0, difference=0.0,
        difference_lower_95=-1.0, difference_upper_95=1.0, significance="similar", funnel_target=0.0,
    ),
    "none has a value": lambda rows: rows.assign(
        value=np.nan, lower_95=np.nan, upper_95=np.nan, difference=np.nan, significance=None,
    ),
    "half withheld": lambda rows: rows.assign(
        suppressed=np.arange(len(rows)) % 2 == 0, value=rows["value"].where(np.arange(len(rows)) % 2 == 1)
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "areas", [pytest.param(size, marks=[pytest.mark.long] if size > 1000 else []) for size in SIZES]
)
@pytest.mark.parametrize("kind", KINDS)
def test_no_words_cover_each_other_or_leave_the_picture(kind: str, areas: int) -> None:
    if kind in OF_ONE and areas != 98:
        pytest.skip("is of one area, whatever their number")
    assert covered(KINDS[kind](some_rows(areas))) == []


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_drawn_of_whatever_there_is(kind: str, edge: str) -> None:
    figure = KINDS[kind](EDGES[edge](some_rows(13)))
    assert covered(figure) == []
    assert not [words for words in said(figure) if "nan" in words.casefold() or "inf" in words.split()]


def test_the_series_moves() -> None:
    assert some_series(3)["period"].nunique() == 15
