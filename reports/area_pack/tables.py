"""The tables of one area's page and booklet: where it stands, the areas in it, its peers."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reports import words
from reports.area_pack.contents import AreaContents
from reports.area_pack.looks import amount
from reports.area_pack.spines import Spine, spines
from reports.catalogue import about_indicators, programme_names
from reports.page.table import (
    Cell,
    Column,
    Row,
    Table,
    between,
    figure,
    measured,
    number,
    pounds,
    significance,
    text,
)
from reports.shorthand import NOT_APPLICABLE, NOT_AVAILABLE, SUPPRESSED, with_suppressed
from reports.trends import trend_mark

MOST_ABOVE = 2  # areas that it is part of with a column of their own


def standing_table(area: AreaContents) -> Table:
    """Return every indicator of the area: its place among all of its kind, its figures, and those held against."""
    above = area.above[:MOST_ABOVE]
    return Table(
        id="standing-table",
        caption=f"{area.name}, {area.contents.period}",
        columns=(
            Column(name="Indicator"),
            Column(name="Worse or lower, average, better or higher"),
            Column(name=area.name, numeric=True),
            Column(name="95% interval", numeric=True),
            Column(name="Peers", numeric=True),
            Column(name="Against peers"),
            Column(name="Opportunity", numeric=True, unit="£"),
            Column(name="Over time"),
            *(Column(name=area.tree.name(code), numeric=True) for code in above),
            Column(name="Counted", numeric=True),
        ),
        rows=_standing_rows(area, above),
        note=(
            "Opportunity: credible, against the mean of the peers; indicators that count the same events overlap, so"
            " rows do not add up. [c] withheld to protect people; [x] not available; [z] no price, a need for"
            " investment, or no direction that is good. An indicator with too few events here has no £ of its own: it"
            " counts in the area that this one is part of."
        ),
    )


def _standing_rows(area: AreaContents, above: list[str]) -> tuple[Row, ...]:
    """Return the rows, in the order of the programmes; ``above`` have a column of their own."""
    catalogue = about_indicators(area.contents.catalogue)
    beside = {code: _values(area, code) for code in above}
    parent = above[0] if above else ""
    drawn = spines(area.now, area.contents.catalogue, area.area, parent=parent, spread=area.spread)
    worth, moving = _worth(area), _moving(area)

    def cells(row: Mapping[Any, Any]) -> tuple[Cell, ...]:
        code = row["indicator"]
        unit = words.text(catalogue[code]["unit"])
        return (
            text(_with_unit(catalogue[code]["name"], unit, code)),
            _spine_cell(drawn.get(code), row["value"]),
            _bare(row["value"], unit),
            between(row["lower_95"], row["upper_95"]),
            _bare(row["comparator_value"], unit),
            significance(row["significance"]),
            pounds(worth.get(code), missing=NOT_APPLICABLE),
            moving.get(code, Cell(text="–")),
            *(_bare(values.get(code), unit) for values in beside.values()),
            _counted(row),
        )

    return tuple(
        Row(cells=cells(row), group=words.text(row["_programme"]))
        for row in _by_programme(area).to_dict("records")
    )


def _by_programme(area: AreaContents) -> pd.DataFrame:
    """Return the area's own rows with their programme, in the order in which programmes first appear."""
    programmes = programme_names(area.contents.catalogue)
    own = with_suppressed(area.own.reset_index())
    own = own.assign(_programme=own["indicator"].map(programmes))
    return own.sort_values("_programme", kind="stable", key=lambda names: names.map(_order(programmes)))


def _with_unit(name: object, unit: str, code: str) -> str:
    """Name an indicator with its unit, unless every figure of it carries that."""
    said = words.text(name, code)
    return said if unit in ("", "%") else f"{said}, {unit}"


def _bare(value: object, unit: str) -> Cell:
    """Write a value whose unit stands beside it: £ and % stand with it all the same."""
    return measured(value, unit[0] if unit.startswith(("£", "%")) else "")


def _order(programmes: pd.Series) -> dict[str, int]:
    return {name: place for place, name in enumerate(programmes.unique())}


def _spine_cell(spine: Spine | None, value: object) -> Cell:
    without = SUPPRESSED if value == SUPPRESSED else NOT_AVAILABLE
    return Cell(text="" if spine else without, spine=spine)


def _counted(row: Mapping[Any, Any]) -> Cell:
    """Write what was counted out of what: 35 of 10,282."""
    parts = [
        one if isinstance(one, str) else words.number(figure(one), 0)
        for one in (row["numerator"], row["denominator"])
    ]
    if all(words.is_missing(row[name]) for name in ("numerator", "denominator")):
        return Cell(text=NOT_AVAILABLE)
    return Cell(text=" of ".join(parts))


def _values(area: AreaContents, code: str) -> dict[str, object]:
    rows = with_suppressed(area.now[area.now["area"] == code])
    return dict(zip(rows["indicator"], rows["value"], strict=True))


def _worth(area: AreaContents) -> dict[str, object]:
    """£ of each indicator; [c] where it is withheld, [x] where it has a price and too few events."""
    rows = area.sized[(area.sized["area"] == area.area) & (area.sized["direction"] == "reduce")]
    priced = area.contents.catalogue.set_index("indicator")["unit_cost"]
    shown = with_suppressed(rows, ["value_gbp"])["value_gbp"].astype(object)
    without = rows["indicator"].map(priced).notna() & shown.isna()
    return dict(zip(rows["indicator"], shown.mask(without, NOT_AVAILABLE), strict=True))


def _moving(area: AreaContents) -> dict[str, Cell]:
    """Words of the indicators that move: their recent trend, with the mark of its direction."""
    trend = area.contents.trend
    if trend.empty:
        return {}
    return {
        str(row["indicator"]): Cell(text=words.text(row["recent_trend"]), mark=mark)
        for row in trend.to_dict("records")
        if (mark := trend_mark(row["recent_trend"]))
    }


def asking_table(area: AreaContents, rows: pd.DataFrame) -> Table | None:
    """Return all that is to ask about, with most to gain first; None without any."""
    if rows.empty:
        return None
    return Table(
        id="asking-table",
        caption=f"All that is beyond chance on the side to ask about, {area.name}, {area.contents.period}",
        columns=(
            Column(name="Indicator"),
            Column(name=area.name, numeric=True),
            Column(name="Peers", numeric=True),
            Column(name="Opportunity", numeric=True),
            Column(name="Ask"),
        ),
        rows=tuple(
            Row(
                cells=(
                    text(row["name"], missing=str(row["indicator"])),
                    measured(row["value"], row["unit"]),
                    _bare(row["comparator_value"], row["unit"]),
                    text(amount(row)),
                    text(row["question"], missing="–"),
                )
            )
            for row in rows.to_dict("records")
        ),
        note="Opportunity: credible, each indicator by itself; some count the same events. [x] no figure of its own.",
    )


def inside_table(area: AreaContents) -> Table | None:
    """Return the areas in this one, those with most to ask about first; None where it has none."""
    if not area.inside:
        return None
    kind = area.tree.kind[area.inside[0]]
    marks = area.now[area.now["area"].isin(area.inside)]
    counts = pd.crosstab(marks["area"], marks["significance"].astype(str)).reindex(area.inside, fill_value=0)
    counts = counts.reindex(columns=["worse", "better", "not tested"], fill_value=0)
    people = area.contents.areas.set_index("area").get("population", pd.Series(dtype=float))
    total = _totals(area)
    ordered = counts.sort_values("worse", ascending=False, kind="stable")
    rows = tuple(
        Row(
            cells=(
                text(area.tree.name(code), link=area.packs.get(code, "")),
                number(people.get(code), decimals=0),
                number(int(row["worse"])),
                number(int(row["better"])),
                number(int(row["not tested"])),
                pounds(total.get(code)),
            )
        )
        for code, row in zip(ordered.index, ordered.to_dict("records"), strict=True)
    )
    return Table(
        id="inside-table",
        caption=f"{words.sentence_case(words.kind_name(kind, 2))} in {area.name}, {area.contents.period}",
        columns=(
            Column(name=words.sentence_case(words.kind_name(kind))),
            Column(name="People", numeric=True),
            Column(name="Indicators to ask about", numeric=True),
            Column(name="On the good side", numeric=True),
            Column(name="Not tested", numeric=True),
            Column(name="Opportunity", numeric=True, unit="£"),
        ),
        rows=rows,
        note=(
            "Beyond chance against its own peers; about one indicator in forty is so on each side by chance alone."
            " Opportunity: credible, each event counted once, only what is shown of the area by itself: the sum is"
            " less than that of the whole."
        ),
    )


def _totals(area: AreaContents) -> dict[str, object]:
    rows = area.contents.totals
    if rows.empty:
        return {}
    rows = rows[
        (rows["mode"] == area.contents.headline_mode)
        & (rows["comparator"] == area.contents.headline_comparator)
    ]
    return dict(zip(rows["area"], rows["value_gbp"], strict=True))


def peers_table(area: AreaContents) -> Table | None:
    """Return whom the area is held against, the most similar first; None where all of its kind are."""
    if not area.listed:
        return None
    peers = area.contents.peers
    peers = peers[peers["area"] == area.area].sort_values("rank", kind="stable")
    people = area.contents.areas.set_index("area").get("population", pd.Series(dtype=float))
    rows = tuple(
        Row(
            cells=(
                text(area.tree.name(row["peer"])),
                text(row["peer"]),
                text(area.tree.parent_name(str(row["peer"]))),
                number(people.get(row["peer"]), decimals=0),
                number(row["distance"], decimals=2),
                text("yes" if row["reciprocal"] else "no"),
            )
        )
        for row in peers.to_dict("records")
    )
    return Table(
        id="peers-table",
        caption=f"The {words.kind_name(area.kind, 2)} most like {area.name}, the most similar first",
        columns=(
            Column(name=words.sentence_case(words.kind_name(area.kind))),
            Column(name="Code"),
            Column(name="Part of"),
            Column(name="People", numeric=True),
            Column(name="Distance", numeric=True),
            Column(name="Mutual"),
        ),
        rows=rows,
        note="Distance: weighted sum of squared differences of what the peers were chosen by; smaller is more alike."
        " Mutual: this one is among its peers too.",
    )


def peers_sentence(area: AreaContents) -> str:
    """Say whom the area is held against, and how good the fit is."""
    kinds = words.kind_name(area.kind, 2)
    if not area.listed:
        return f"{area.name} is held against the other {kinds}."
    said = f"{area.name} is held against the {words.number(len(area.listed))} {kinds} most like it."
    fit = area.contents.peer_fit
    fit = fit[fit["area"] == area.area] if len(fit) else fit
    if fit.empty or words.is_missing(fit["fit"].iloc[0]):
        return said
    own = fit.iloc[0]
    closer = 100 - float(own["fit"])
    kept = int(own["kept_under_equal_weights"])
    return (
        f"{said} They are closer to it than {words.number(closer, 0)}% of all pairs are to each other;"
        f" {words.number(kept)} of them stay when everything weighs the same. The looser the fit, the more a"
        " difference may be one of the people served."
    )
