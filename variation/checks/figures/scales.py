"""Scales and units: shares beside percentages, thousands beside units, values that their counts do not give."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from variation.checks.figures.places import Places
from variation.errors import Finding
from variation.figures.panel import Panel
from variation.reading.cells import at_first

Floats = NDArray[np.float64]

# Values of one indicator fall into two groups if nothing lies between them over so large a factor ...
_EMPTY_BETWEEN = 4.0
# ... and are of two scales if their middles differ by one of these, give or take the factor beside it.
_SCALES = {100: 2.5, 1000: 2.0}
# Values of each group from which it is more than a slip, which is a jump or an area far from all others.
_FEWEST = 2
# Share by which a published value may differ from its counts: rounding, and counts that were rounded themselves.
_NEAR = 0.01


def note_mixed_scales(panel: Panel, places: Places, findings: list[Finding]) -> None:
    """Note indicators whose values are of two scales, such as 0-1 beside 0-100."""
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(panel.denominator > 0, panel.numerator / panel.denominator, np.nan)
    for cells, column in ((np.where(places.finest, panel.value, np.nan), "value"),
                          (np.where(places.finest, rate, np.nan), "denominator")):  # fmt: skip
        for indicator, rows in panel.groups.groupby("indicator").indices.items():
            own = np.asarray(rows)
            if found := _two_scales(cells[own]):
                _note_scales(panel, places, findings, own, cells[own], found, column, str(indicator))
    _note_shares(panel, places, findings)


def _two_scales(values: Floats) -> tuple[int, float] | None:
    """Return the factor between two groups of values, and the value between them; None where they are one."""
    known = values[np.isfinite(values) & (values > 0)]
    if len(known) < 2 * _FEWEST:
        return None
    logs = np.sort(np.log(known))
    gaps = np.diff(logs)
    # Not so near the ends that one of the groups is a slip.
    inner = gaps[_FEWEST - 1 : len(gaps) - _FEWEST + 1]
    place = int(np.argmax(inner)) + _FEWEST - 1
    apart = float(np.exp(np.median(logs[place + 1 :]) - np.median(logs[: place + 1])))
    if gaps[place] < np.log(_EMPTY_BETWEEN):
        return None
    near = [scale for scale, slack in _SCALES.items() if 1 / slack <= apart / scale <= slack]
    return (near[0], float(np.exp((logs[place] + logs[place + 1]) / 2))) if near else None


def _note_scales(
    panel: Panel,
    places: Places,
    findings: list[Finding],
    rows: NDArray[np.int64],
    values: Floats,
    found: tuple[int, float],
    column: str,
    indicator: str,
) -> None:
    scale, between = found
    with np.errstate(invalid="ignore"):
        low, high = (values > 0) & (values < between), values > between
    rare = low if low.sum() <= high.sum() else high
    row, area = (part[:1] for part in np.nonzero(rare))
    said = (
        f"{indicator}: {int(low.sum()):,} values lie below {between:.3g} and {int(high.sum()):,} above, about {scale}"
        " times as high: are they of two scales?"
    )
    hint = "give all of them in one unit (scale = { value = 100 } in analysis.toml for a file of shares)"
    if column == "denominator":
        hint = "are some counts or denominators in thousands? scale in analysis.toml multiplies those of one file"
    places.note(findings, rows[row], area, code="mixed_scale", severity="warning", column=column,
                values=[f"{values[row[0], area[0]]:.3g}"], messages=[said], hint=hint)  # fmt: skip


def _note_shares(panel: Panel, places: Places, findings: list[Finding]) -> None:
    """Note indicators in percent whose published values all lie between 0 and 1."""
    percent = (panel.groups["kind"] == "proportion") & (panel.groups["multiplier"] == 100)
    value = np.where(places.finest & np.isnan(panel.numerator), panel.value, np.nan)
    for indicator, rows in panel.groups[percent].groupby("indicator").groups.items():
        own = value[rows.to_numpy()]
        known = ~np.isnan(own)
        if known.sum() < 2 * _FEWEST or not (own[known] <= 1).all() or not (own[known] > 0).any():
            continue
        row, area = (part[:1] for part in np.nonzero(known))
        said = f"{indicator}: all {int(known.sum()):,} values lie between 0 and 1, and the indicator is in %"
        places.note(findings, rows.to_numpy()[row], area, code="shares_for_percent", severity="warning",
                    column="value", values=[f"{own[row[0], area[0]]:.3g}"], messages=[said],
                    hint='are they shares? scale = { value = 100 } in analysis.toml')  # fmt: skip


def note_values_and_counts(indicators: pd.DataFrame, panel: Panel, findings: list[Finding]) -> None:
    """Note published values that are not numerator / denominator x multiplier, one finding an indicator."""
    rows = indicators[indicators["value"].notna() & (indicators["denominator"] > 0)]
    if rows.empty:
        return
    about = panel.groups.drop_duplicates("indicator").set_index("indicator")
    crude = rows["indicator"].map(about["standardise"]) == "none"
    own = rows["numerator"] / rows["denominator"] * rows["indicator"].map(about["multiplier"])
    rounding = 0.51 * 10.0 ** -_decimals(rows["value"])
    wrong = crude & ((rows["value"] - own).abs() > _NEAR * own.abs() + rounding)
    for indicator, part in rows[wrong].groupby("indicator"):
        first = part.index[0]
        ratio = float((rows.loc[part.index, "value"] / own[part.index]).median())
        scaled = ""
        if np.isfinite(ratio) and ratio > 0 and abs(np.log10(ratio) - round(np.log10(ratio))) < 0.05:
            scaled = f"; most are {10 ** round(np.log10(ratio)):g} times it: is multiplier right?"
        findings.append(
            at_first(
                part,
                "value",
                code="value_and_counts",
                severity="note",
                value=f"{rows.loc[first, 'value']:.6g}",
                message=f"{indicator}: {len(part):,} published values are not numerator / denominator x multiplier"
                f" ({own[first]:.6g} in the first); the counts are used",
                hint="is the published value standardised, or of another unit?" + scaled,
            )
        )


def _decimals(values: "pd.Series[float]") -> "pd.Series[float]":
    """Decimals that values were written with, at most 6."""
    found = pd.Series(6.0, index=values.index)
    for places in range(5, -1, -1):
        found = found.mask((values.round(places) - values).abs() < 1e-9, places)
    return found
