"""The template: empty tables to fill in, explained, that are read without surprise."""

import pytest

from variation.errors import InputError
from variation.inputs import read_inputs
from variation.settings import read_settings
from variation.tables import INPUTS
from variation.template import explained, write_template


def test_an_empty_csv_stands_for_each_input_table_with_its_columns(tmp_path):
    written = write_template(tmp_path / "new" / "folder")
    assert {path.name for path in written} == {
        "indicators.csv", "catalogue.csv", "areas.csv", "plan.csv", "assumptions.csv", "schemes.csv", "overlaps.csv",
        "README.txt", "analysis.toml",
    }  # fmt: skip
    for table in INPUTS:
        text = (tmp_path / "new" / "folder" / f"{table.name}.csv").read_text(encoding="utf-8")
        assert text == ",".join(table.names) + "\n"


def test_what_is_there_is_kept(tmp_path):
    (tmp_path / "areas.csv").write_text("mine", encoding="utf-8")
    written = write_template(tmp_path)
    assert (tmp_path / "areas.csv").read_text(encoding="utf-8") == "mine"
    assert "areas.csv" not in {path.name for path in written}
    assert write_template(tmp_path) == []


def test_every_column_is_explained_with_unit_choices_and_whether_it_is_needed(tmp_path):
    write_template(tmp_path)
    readme = (tmp_path / "README.txt").read_text(encoding="utf-8")
    for table in INPUTS:
        assert explained(table) in readme
        for column in table:
            assert f"  {column.name}: {column.meaning}" in readme
    assert "one of low, high, local; may be left out" in readme
    assert "any further number column is a feature that peers can be found by" in readme


def test_its_settings_are_valid_and_name_the_tables_beside_them(tmp_path):
    write_template(tmp_path)
    settings = read_settings(tmp_path / "analysis.toml")
    for name in ("indicators", "catalogue", "areas", "plan", "assumptions", "schemes", "overlaps"):
        assert (tmp_path / getattr(settings.tables, name)[0].file[0]).exists()


def test_run_unfilled_it_names_the_three_tables_that_need_rows_and_not_the_plan(tmp_path):
    write_template(tmp_path)
    with pytest.raises(InputError) as caught:
        read_inputs(tmp_path / "analysis.toml")
    findings = caught.value.findings
    assert [finding.table for finding in findings] == ["indicators.csv", "catalogue.csv", "areas.csv"]
    assert {finding.code for finding in findings} == {"empty_table"}
