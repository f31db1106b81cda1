"""Figures as people read them."""

import re
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import words

NOTHING = [None, pd.NA, pd.NaT, float("nan"), float("inf"), -float("inf")]


@pytest.mark.parametrize("value", NOTHING)
def test_nothing_is_said_to_be_missing_and_never_shown_as_nought(value: object) -> None:
    assert words.is_missing(value)
    for said in (words.number, words.signed, words.pounds, words.pounds_in_full, words.price, words.percent):
        assert said(value) == words.MISSING
    assert words.value_with_unit(value, "%") == words.MISSING
    assert words.expected_count(value) == words.MISSING
    assert words.count_of(value, "practice") == "practices: not available"
    assert words.text(value, "unnamed") == "unnamed"


@pytest.mark.parametrize("value", [0, 0.0, "", "nan", False, Decimal(0)])
def test_nought_and_words_are_not_missing(value: object) -> None:
    assert not words.is_missing(value)


def test_nought_is_shown_without_a_sign() -> None:
    zeros = [words.number(-0.0), words.signed(-0.0), words.pounds(-0.2), words.percent(-0.0)]
    assert zeros == ["0", "0", "£0", "0%"]
    assert [words.number(-0.0004, 2), words.pounds_in_full(-0.4)] == ["0.00", "£0"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.994, "0.99"),
        (0.996, "1.00"),
        (9.994, "9.99"),
        (9.996, "10.0"),
        (99.94, "99.9"),
        (99.96, "100"),
        (999.6, "1,000"),
        (-1234.5, "−1,234"),
        (0.0421, "0.042"),
        (1_234_567, "1,234,567"),
    ],
)
def test_numbers_keep_three_figures_and_no_more(value: float, said: str) -> None:
    assert words.number(value) == said


@given(st.floats(0.01, 999))
def test_a_number_as_said_is_within_half_its_last_place(value: float) -> None:
    said = words.number(value)
    decimals = len(said.partition(".")[2])
    assert abs(float(said.replace(",", "")) - value) <= 0.5 * 10**-decimals * (1 + 1e-9)
    assert len(said.replace(",", "").replace(".", "").lstrip("0")) <= 4 - ("." in said)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.4, "£0"),
        (0.5, "£1"),
        (99.4, "£99"),
        (104, "£100"),
        (105, "£110"),
        (994, "£990"),
        (995, "£1,000"),
        (1049, "£1,000"),
        (1050, "£1,100"),
        (9949, "£9,900"),
        (9950, "£10,000"),
        (84_210, "£84,000"),
        (999_499, "£999,000"),
        (999_500, "£1.0m"),
        (1_000_000, "£1m"),
        (9_940_000, "£9.9m"),
        (28_000_000, "£28m"),
        (28_440_000, "£28.4m"),
        (99_960_000, "£100m"),
        (229_000_000, "£229m"),
        (999_400_000, "£999m"),
        (999_600_000, "£1.0bn"),
        (-16_000_000, "−£16m"),
    ],
)
def test_money_is_said_without_false_precision(value: float, said: str) -> None:
    assert words.pounds(value) == said


SCALE = {"": 1.0, "m": 1e6, "bn": 1e9}


@given(st.floats(1, 1e11))
def test_money_as_said_is_within_six_per_cent_and_grows_with_the_money(value: float) -> None:
    found = re.fullmatch(r"£([\d,.]+)(m|bn|)", words.pounds(value))
    assert found is not None
    said = float(found[1].replace(",", "")) * SCALE[found[2]]
    assert said == pytest.approx(value, rel=0.06, abs=0.5)
    assert words.pounds(-value) == f"{words.MINUS}{words.pounds(value)}"


@pytest.mark.parametrize(
    ("fraction", "said"),
    [(0.0994, "9.9%"), (0.0996, "10%"), (0.995, "100%"), (0.004, "0.4%"), (-0.12, "−12%"), (1.5, "150%")],
)
def test_a_share_is_said_in_per_cent_once(fraction: float, said: str) -> None:
    assert words.percent(fraction) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (62.13, "%", "62.1%"),
        (98.2, "% of expected", "98.2% of expected"),
        (14.2, "£ per patient", "£14.20 per patient"),
        (1590.4, "£", "£1,590"),
        (-3.5, "£ per patient", "−£3.50 per patient"),
        (3.14159, None, "3.14"),
        (12.0, "per 1,000 patients", "12.0 per 1,000 patients"),
    ],
)
def test_a_value_stands_with_its_unit(value: float, unit: object, said: str) -> None:
    assert words.value_with_unit(value, unit) == said


@pytest.mark.parametrize(
    ("kind", "one", "many"),
    [
        ("practice", "1 practice", "2 practices"),
        ("sub_icb", "1 sub-ICB area", "2 sub-ICB areas"),
        ("care_home", "1 care home", "2 care homes"),
        ("county", "1 county", "2 counties"),
        ("surgery_day", "1 surgery day", "2 surgery days"),
        ("church", "1 church", "2 churches"),
        ("", "1 area", "2 areas"),
    ],
)
def test_areas_are_counted_in_words(kind: str, one: str, many: str) -> None:
    assert words.count_of(1, kind) == one
    assert words.count_of(2, kind) == many
    assert words.count_of(0, kind) == many.replace("2", "0")


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "none"),
        (0.49, "fewer than 1"),
        (0.5, "fewer than 1"),
        (0.51, "about 1"),
        (1.4, "about 1"),
        (11.76, "about 12"),
    ],
)
def test_what_chance_would_give_is_said_as_roughly_as_it_is_known(count: float, said: str) -> None:
    assert words.expected_count(count) == said


@pytest.mark.parametrize(
    ("polarity", "significance", "side"),
    [
        ("low", "worse", "higher"),
        ("low", "better", "lower"),
        ("high", "worse", "lower"),
        ("high", "better", "higher"),
        ("local", "higher", "higher"),
        ("local", "lower", "lower"),
    ],
)
def test_a_mark_is_said_as_a_side_and_never_as_a_verdict(polarity: str, significance: str, side: str) -> None:
    assert words.direction_words(polarity, significance) == f"{side} than peers"


def test_marks_that_say_no_side_are_said_so() -> None:
    assert words.direction_words("low", "similar") == "no difference beyond chance"
    assert words.direction_words("low", "not tested") == words.direction_words("low", "") == "not tested"


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_names_are_joined_as_a_sentence_joins_them(names: list[str], said: str) -> None:
    assert words.series(names) == said


def test_an_unknown_rule_or_comparator_is_said_in_its_own_words() -> None:
    assert words.mode_name("own_rule") == "own rule"
    assert words.comparator_name("own_best_year") == "own best year"


def test_a_sentence_begins_with_a_capital_and_keeps_the_others() -> None:
    assert words.sentence_case("the ICB") == "The ICB"
