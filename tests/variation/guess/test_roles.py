"""What a file is taken for: by its headings, by what stands below them, the surest way first."""

import pandas as pd
import pytest

from variation.guess.contents import area_kind, has_decimal_commas, holds_numbers, holds_periods
from variation.guess.look import Look
from variation.guess.roles import roles
from variation.guess.skeleton import areas_skeleton, catalogue_skeleton
from variation.settings.table_source import TableSource

PRACTICES = [f"A8{number:04}" for number in range(1, 21)]
FIGURES = [str(number) for number in range(1, 21)]


def look(path, **columns):
    """A look at a file of 20 rows."""
    from pathlib import Path

    cells = {
        heading: values if isinstance(values, list) else [values] * 20 for heading, values in columns.items()
    }
    frame = pd.DataFrame(list(zip(*cells.values(), strict=True)), columns=range(len(cells)), dtype="str")
    return Look(path=Path(path), headings=tuple(cells), cells=frame)


def only(found):
    tables = {role.table: role for role in found}
    for role in found:
        TableSource.model_validate({"file": "x"} | role.source)  # every guess is a valid source
    return tables


# --- contents


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        (["A81001", "Y02500"], "practice"),
        (["U12345"], "pcn"),
        (["11J", "70F"], "sub_icb"),
        (["E38000045", "nE38000046"], "sub_icb"),
        (["QVV"], "icb"),
        (["E54000041"], "icb"),
        (["E06000059", "E10000009"], "local_authority"),
        (["E92000001"], "england"),
        (["SYN001"], ""),
        (["A81001", "11J"], ""),
        ([], ""),
    ],
)
def test_codes_tell_the_kind_of_area(codes, kind):
    assert area_kind(pd.Series(codes, dtype="str")) == kind


def test_a_total_among_many_codes_does_not_hide_their_kind():
    assert area_kind(pd.Series([*PRACTICES, "Total"])) == "practice"


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [(["1", "2.5", "1,234"], True), (["£10", "12 %", "1e5"], True), (["*", "<5", "7"], True), (["12,5"], True),
     (["ten", "2"], False), (["*", "*"], False), (["A1"], False), ([], False)],
)  # fmt: skip
def test_numbers_are_told_with_the_marks_that_people_put_to_them(cells, numbers):
    assert holds_numbers(pd.Series(cells, dtype="str")) is numbers


@pytest.mark.parametrize(
    ("cells", "periods"),
    [(["2016/17"], True), (["2016"], True), (["2016-04-01"], True), (["01JAN2021"], True), (["2016 Q1"], True),
     (["1832"], False), (["4200"], False), (["A81001"], False), (["20160401"], False), ([], False)],
)  # fmt: skip
def test_periods_are_told_from_numbers(cells, periods):
    assert holds_periods(pd.Series(cells, dtype="str")) is periods


def test_decimal_commas_are_told_from_thousands():
    assert has_decimal_commas(pd.Series(["12,5", "13,25"]))
    assert not has_decimal_commas(pd.Series(["12,500", "1,234"]))
    assert not has_decimal_commas(pd.Series(["12,5", "13.25"]))  # both marks: neither is told


# --- figures


def test_a_row_a_figure_is_mapped_by_the_synonyms_of_its_headings():
    found = only(roles(look("smoking.csv", PRACTICE_CODE=PRACTICES, Year="2016/17", Register=FIGURES,
                            PRACTICE_LIST_SIZE="1000")))  # fmt: skip
    source = found["indicators"].source
    assert source["columns"] == {
        "area": "PRACTICE_CODE", "period": "Year", "numerator": "Register", "denominator": "PRACTICE_LIST_SIZE",
    }  # fmt: skip
    assert source["values"] == {"indicator": "{stem}"}
    assert found["indicators"].kind == "practice"
    assert any("names no indicator" in words for words in found["indicators"].unsure)


def test_our_own_headings_need_no_mapping():
    found = only(roles(look("x.csv", indicator="a", area=PRACTICES, period="2016", numerator=FIGURES)))
    assert found["indicators"].source == {}


def test_the_finest_codes_are_the_areas_and_the_others_lie_above():
    above = {"CCG Code": ["11J"] * 10 + ["70F"] * 10, "CCG name": ["D"] * 10 + ["E"] * 10}
    found = only(
        roles(look("x.csv", code=PRACTICES, **above, period="2016", count=FIGURES, population="100"))
    )
    assert found["indicators"].source["columns"]["area"] == "code"
    assert found["areas"].source["levels"] == {"practice": "code", "sub_icb": "CCG Code"}
    assert found["areas"].source["level_names"]["sub_icb"] == "CCG name"


def test_strata_of_everybody_are_none():
    found = only(roles(look("x.csv", code=PRACTICES, period="2016", count=FIGURES, population="100", SEX="ALL",
                            age=["0-4", "5-9"] * 10)))  # fmt: skip
    assert "sex" not in found["indicators"].source["columns"]
    assert found["indicators"].source["columns"]["age_band"] == "age"


def test_a_period_that_only_the_files_name_has_is_read_from_it():
    found = only(roles(look("admissions_18-19.csv", code=PRACTICES, count=FIGURES, population="100")))
    source = found["indicators"].source
    assert (source["stem"], source["period"]) == ("admissions_{period}", "financial_year")


def test_a_period_that_nothing_has_is_left_to_be_filled_in():
    found = only(roles(look("admissions.csv", code=PRACTICES, count=FIGURES, population="100")))
    assert found["indicators"].source["values"]["period"] == "FILL IN"
    assert any("fill it in" in words for words in found["indicators"].unsure)


def test_rows_of_totals_are_left_out():
    areas = [*PRACTICES[:19], "Total"]
    found = only(roles(look("x.csv", code=areas, period="2016", count=FIGURES, population="100")))
    assert found["indicators"].source["drop"] == {"code": ["Total"]}
    unnamed = [*PRACTICES[:19], ""]
    found = only(roles(look("x.csv", code=unnamed, period=["2016"] * 19 + ["Grand total"], count=FIGURES,
                            population="100")))  # fmt: skip
    assert found["indicators"].source["drop"] == {"code": [""]}


def test_percent_signs_and_decimal_commas_are_read_as_such():
    found = only(roles(look("x.csv", code=PRACTICES, period="2016", rate=[f"{n},5%" for n in FIGURES])))
    assert found["indicators"].source["percent"] == ["value"]
    assert found["indicators"].source["decimal"] == ","


def test_periods_across_are_read_as_wide():
    found = only(roles(look("smoking.csv", practice=PRACTICES, **{"2015/16": FIGURES, "2016/17": FIGURES})))
    source = found["indicators"].source
    assert (source["reader"], source["across"], source["cells"]) == ("wide", ["{period}"], "value")


def test_lines_of_figures_across_are_read_as_wide_over_the_list_beside_them():
    found = only(roles(look("payments_18-19.csv", **{
        "Practice Code": PRACTICES, "Number of Registered Patients (Last Known Figure)": FIGURES,
        "Global Sum": FIGURES, "Minor Surgery": FIGURES})))  # fmt: skip
    source = found["indicators"].source
    assert source["across"] == ["Global Sum", "Minor Surgery"]
    assert source["columns"]["denominator"].startswith("Number of Registered")
    assert source["cells"] == "numerator"


# --- what areas are and are like


def test_a_map_gives_levels_by_code_and_name_and_prefers_the_health_services_codes():
    half = ["a"] * 10 + ["b"] * 10
    found = only(roles(look("map.csv", PRACTICE_CODE=PRACTICES, PRACTICE_NAME=PRACTICES,
                            PCN_CODE=[f"U0000{n // 5}" for n in range(20)], PCN_NAME=half,
                            ONS_CCG_CODE=["E38000001"] * 10 + ["E38000002"] * 10,
                            CCG_CODE=["11J"] * 10 + ["70F"] * 10, CCG_NAME=half)))  # fmt: skip
    source = found["areas"].source
    assert source["levels"] == {"practice": "PRACTICE_CODE", "pcn": "PCN_CODE", "sub_icb": "CCG_CODE"}
    assert source["level_names"] == {"practice": "PRACTICE_NAME", "pcn": "PCN_NAME", "sub_icb": "CCG_NAME"}


def test_columns_that_peers_are_found_by_are_features():
    found = only(
        roles(look("x.csv", practice=PRACTICES, list_size=FIGURES, Value_imd=FIGURES, Value_over_65=FIGURES))
    )
    assert found["features"].source["columns"] == {
        "area": "practice", "population": "list_size", "imd": "Value_imd", "aged_65_plus": "Value_over_65",
    }  # fmt: skip


def test_words_alone_are_no_table():
    assert roles(look("x.csv", note="hello", remark="there")) == []


# --- skeletons


def test_a_catalogue_is_made_of_the_indicators_found():
    figures = pd.DataFrame({
        "indicator": ["smoking", "smoking", "copd admissions", "drug cost", "score", "ratio"],
        "numerator": [10.0, 20, 5, 500, None, 20], "denominator": [100.0, 100, 100, 100, None, 10],
        "value": [None, None, None, None, 4.0, None],
    })  # fmt: skip
    made = catalogue_skeleton(figures).set_index("indicator")
    assert made["kind"].to_dict() == {
        "smoking": "proportion", "copd admissions": "rate", "drug cost": "spend", "score": "mean", "ratio": "rate",
    }  # fmt: skip
    assert set(made["polarity"]) == {"local"}  # which direction is good is never guessed
    assert made["guessed"].str.contains("guess").all()


def test_areas_are_made_of_the_codes_found():
    made = areas_skeleton(pd.Series(["11J", "A81001", "L01", "A81001"]))
    assert made[["area", "kind"]].to_numpy().tolist() == [
        ["11J", "sub_icb"],
        ["A81001", "practice"],
        ["L01", "area"],
    ]
    assert len(areas_skeleton(pd.Series([], dtype="str"))) == 0
