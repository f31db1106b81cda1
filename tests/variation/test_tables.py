"""Every table is declared once, completely, under the names that the design fixes."""

import re

import pytest

from variation.tables import (
    AREAS,
    CATALOGUE,
    COMPARISON,
    INDICATORS,
    INPUTS,
    OPPORTUNITY,
    OUTPUTS,
    Table,
    number,
    text,
)

TABLES = pytest.mark.parametrize("table", [*INPUTS, *OUTPUTS], ids=lambda table: table.name)


@TABLES
def test_names_are_snake_case_and_stand_once(table):
    assert len(set(table.names)) == len(table.names)
    assert [name for name in table.names if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)] == []


@TABLES
def test_every_column_says_what_it_means(table):
    assert [column.name for column in table if len(column.meaning) < 3] == []


@TABLES
def test_the_key_of_a_table_is_among_its_columns(table):
    assert set(table.key) <= set(table.names)


@TABLES
def test_choices_are_of_texts_and_minima_of_numbers(table):
    assert [c.name for c in table if c.choices and c.type != "text"] == []
    assert [c.name for c in table if c.minimum is not None and c.type != "number"] == []


def test_tables_have_different_names():
    names = [table.name for table in (*INPUTS, *OUTPUTS)]
    assert len(set(names)) == len(names)


def test_an_analysis_needs_only_what_no_default_can_be_given_for():
    assert INDICATORS.required == ["indicator", "area", "period"]
    assert CATALOGUE.required == ["indicator", "name", "kind"]
    assert AREAS.required == ["area", "kind"]


def test_the_columns_that_writers_and_checks_from_outside_read_are_there():
    assert {"value", "lower_95", "upper_998", "significance", "significance_rightcare", "peers_used"} <= set(
        COMPARISON.names
    )
    assert {"units", "value_gbp", "investment_gbp", "p10", "p90", "chance_floor_gbp"} <= set(
        OPPORTUNITY.names
    )


def test_a_table_is_walked_in_the_order_of_its_columns():
    table = Table(name="t", one_row_per="x", columns=(text("b", "bee", required=True), number("a", "ay")))
    assert [column.name for column in table] == table.names == ["b", "a"]
    assert table.required == ["b"]
