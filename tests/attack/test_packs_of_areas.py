"""The attack on the packs of single areas, read together with the pack of the whole: they tell nothing more."""

import pandas as pd
import pytest

from reports.area_pack.pictures import area_jobs
from reports.charts.saving import draw_all
from tests.attack.area_files import Whole, named_in_charts, withheld_figures_of_areas
from tests.attack.example import few_indicators, files, only_marked, twin, under
from variation import analyse, read_inputs, write_pack
from variation.packs.area_tables import AreaTables, write_area_tables
from variation.packs.each import areas_of, write_each
from variation.packs.pack import contents_of
from variation.policies import POLICIES

HES = POLICIES["hes_2018"]
# All localities, and practices of which many counts are withheld.
CHOSEN = ["SYN003", "SYN012", "SYN013", "SYN001", "SYN046"]


@pytest.fixture(scope="module")
def inputs(example_folder):
    return under(few_indicators(read_inputs(example_folder / "analysis.toml")), "hes_2018")


def written(analysis, out, *, workers=1):
    write_pack(analysis, out, outputs=("tables",))
    contents = contents_of(analysis)
    chosen = areas_of(contents.areas, kind="locality", areas=CHOSEN)
    made = write_each(contents, chosen, out, outputs=("excel", "charts", "page", "booklet"), workers=workers)
    assert not made.failed
    return out


@pytest.fixture(scope="module")
def packs(inputs, tmp_path_factory):
    return written(analyse(inputs), tmp_path_factory.mktemp("areas") / "pack")


def test_no_pack_of_an_area_has_a_figure_of_a_withheld_count(packs):
    hidden = pd.read_csv(packs / "tables" / "comparison.csv", low_memory=False)
    assert hidden["suppressed"].sum() > 500
    assert withheld_figures_of_areas(packs) == []


def test_the_reader_of_packs_finds_such_figures_where_they_are_only_marked(inputs, tmp_path):
    found = withheld_figures_of_areas(written(only_marked(inputs, HES), tmp_path / "marked"))
    files_of = pd.Series([figure.file.split(": ")[1] for figure in found]).value_counts()
    assert {
        "Every indicator",
        "Beside others",
        "Practices",
        "Over time",
        "Opportunity",
        "index.html",
    } <= set(files_of.index)


@pytest.mark.parametrize("only_marks", [False, True])
def test_no_picture_names_an_area_whose_figure_is_withheld(inputs, packs, tmp_path, only_marks):
    contents = contents_of(only_marked(inputs, HES) if only_marks else analyse(inputs))
    write_area_tables(contents, tmp_path)
    area = AreaTables(tmp_path).of("L01", packs={}, main="")
    draw_all(area_jobs(area, ["diabetes_admissions", "staff_aged_55"]), tmp_path / "charts", formats=("svg",))
    named = list(named_in_charts(tmp_path, Whole.of(packs / "tables")))
    assert (len(named) > 5) == only_marks, named


def test_two_worlds_that_differ_only_in_what_is_withheld_give_the_same_packs_to_the_byte(
    inputs, packs, tmp_path
):
    other, changed = twin(inputs, HES)
    assert changed > 100
    one, two = files(packs), files(written(analyse(other), tmp_path / "twin", workers=2))
    assert one.keys() == two.keys()
    assert [file for file in one if one[file] != two[file]] == []
