"""The workbook as its readers find it: opened again, cell by cell, against the tables it was made from."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from reports.contents import Contents
from reports.headlines import overall
from reports.pack_rows import latest, league
from reports.tree import finest_kind, parent_kind
from reports.workbook import write_workbook
from reports.workbook.finance.areas import REST, UNITS
from reports.workbook.finance.once import labels
from reports.workbook.layout import note_lines

Reopened = Callable[..., Workbook]


@pytest.fixture(scope="module")
def path(contents: Contents, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole pack's workbook, written once."""
    path = tmp_path_factory.mktemp("pack") / "variation-pack.xlsx"
    write_workbook(contents, path)
    return path


@pytest.fixture(scope="module")
def values(path: Path) -> CalamineWorkbook:
    """The whole pack's workbook as a reader of values sees it."""
    return CalamineWorkbook.from_path(str(path), load_tables=True)


@pytest.fixture(scope="module")
def book(few: Contents, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """The small pack's workbook with its formulas and looks."""
    path = tmp_path_factory.mktemp("few") / "variation-pack.xlsx"
    write_workbook(few, path)
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()))


@pytest.fixture(scope="module")
def counted(few: Contents, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """The small pack's workbook with the values of its formulas."""
    path = tmp_path_factory.mktemp("counted") / "variation-pack.xlsx"
    write_workbook(few, path)
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=True)


@pytest.fixture
def reopened(tmp_path: Path) -> Reopened:
    """Write a pack and open it again, with the values of its formulas unless asked otherwise."""

    def write(pack: Contents, *, formulas: bool = False) -> Workbook:
        write_workbook(pack, tmp_path / "pack.xlsx")
        return openpyxl.load_workbook(
            io.BytesIO((tmp_path / "pack.xlsx").read_bytes()), data_only=not formulas
        )

    return write


def table(book: Workbook | CalamineWorkbook, name: str) -> pd.DataFrame:
    """A table of a workbook by its name, without its row of totals."""
    if isinstance(book, CalamineWorkbook):
        native = book.get_table_by_name(name)
        return pd.DataFrame(native.to_python(), columns=native.columns)
    for sheet in book.worksheets:
        if name in sheet.tables:
            native = sheet.tables[name]
            rows = [[cell.value for cell in row] for row in sheet[native.ref]]
            end = -1 if native.totalsRowCount else None
            return pd.DataFrame(rows[1:end], columns=rows[0])
    raise AssertionError(f"no table {name}")


def totals(book: Workbook, name: str) -> dict[str, object]:
    """The row of totals of a table."""
    for sheet in book.worksheets:
        if name in sheet.tables:
            rows = [[cell.value for cell in row] for row in sheet[sheet.tables[name].ref]]
            return dict(zip(rows[0], rows[-1], strict=True))
    raise AssertionError(f"no table {name}")


def cells(book: Workbook) -> Iterator[object]:
    """Every cell of every sheet that holds anything."""
    return (
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    )


def comparisons(book: Workbook | CalamineWorkbook) -> pd.DataFrame:
    """The tables of all programmes below each other."""
    if isinstance(book, CalamineWorkbook):
        names = [name for name in book.table_names if name.startswith("comparison_")]
    else:
        names = [name for sheet in book.worksheets for name in sheet.tables if name.startswith("comparison_")]
    return pd.concat([table(book, name) for name in names], ignore_index=True)


def test_the_same_contents_give_the_same_bytes(few: Contents, tmp_path: Path) -> None:
    write_workbook(few, tmp_path / "one.xlsx")
    write_workbook(few, tmp_path / "other.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "other.xlsx").read_bytes()


def test_no_part_of_the_file_is_stamped_with_the_clock(path: Path, contents: Contents) -> None:
    with zipfile.ZipFile(path) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {contents.made.timetuple()[:6]}
        core = archive.read("docProps/core.xml").decode()
    assert core.count(f"{contents.made:%Y-%m-%dT%H:%M:%SZ}") == 2


def test_the_document_says_what_it_is_and_in_which_language(book: Workbook, contents: Contents) -> None:
    assert book.properties.title == contents.title
    assert book.properties.language == "en-GB"


def test_every_sheet_has_title_and_marking_in_its_first_column(book: Workbook, contents: Contents) -> None:
    for sheet in book.worksheets:
        assert sheet["A1"].value, sheet.title
        assert sheet["A1"].font.b, sheet.title
        assert sheet["A1"].font.sz > sheet["A3"].font.sz, sheet.title
        for words in (contents.notice, contents.banner):
            assert words in sheet["A2"].value, sheet.title
            assert words.replace("&", "&&") in sheet.oddHeader.center.text, sheet.title


def test_the_sheets_open_at_their_beginning(book: Workbook) -> None:
    assert book.active.title == "Cover"
    for sheet in book.worksheets:
        assert {selection.activeCell for selection in sheet.sheet_view.selection} == {"A1"}, sheet.title


def test_tables_are_real_ones_with_unique_headings(book: Workbook) -> None:
    names = [name.casefold() for sheet in book.worksheets for name in sheet.tables]
    assert len(names) == len(set(names))
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges, sheet.title
        for native in sheet.tables.values():
            headings = [cell.value for cell in sheet[native.ref][0]]
            assert [column.name for column in native.tableColumns] == headings
            assert len({heading.casefold() for heading in headings}) == len(headings), headings
            assert native.ref.startswith("A"), native.ref


# Inputs that wait for an answer.
WAITING = {"Signed off by", "Signed off on"}


def test_no_cell_of_a_table_is_empty_for_a_missing_value(values: CalamineWorkbook) -> None:
    for name in values.table_names:
        written = table(values, name)
        empty = written.isin([None, ""]) | written.isna()
        there = written.columns[empty.any()]
        assert all(heading in WAITING or "; empty for" in heading for heading in there), (
            name,
            there.tolist(),
        )


def test_headings_stay_in_sight_and_are_printed_on_every_page(book: Workbook) -> None:
    for sheet in book.worksheets:
        if len(sheet.tables) == 1:
            _, top, _, _ = range_boundaries(next(iter(sheet.tables.values())).ref)
            assert sheet.freeze_panes.endswith(str(top + 1)), sheet.title
            assert sheet.print_title_rows == f"${top}:${top}", sheet.title
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_nothing_is_written_smaller_than_ten_points_or_in_another_font(book: Workbook) -> None:
    assert {(cell.font.name, cell.font.sz >= 10) for cell in cells(book)} == {("Arial", True)}


def test_links_lead_to_sheets_of_the_workbook(book: Workbook) -> None:
    names = {f"'{sheet.title}'!A1" for sheet in book.worksheets}
    listed = [cell for row in book["Contents"].iter_rows() for cell in row if cell.hyperlink]
    leads_to = {cell.hyperlink.location for cell in listed}
    assert leads_to == names - {"'Cover'!A1", "'Contents'!A1"}
    for sheet in book.worksheets[2:]:
        back = [
            cell.hyperlink.location for row in sheet.iter_rows(max_row=12) for cell in row if cell.hyperlink
        ]
        assert back == ["'Contents'!A1"], sheet.title


def test_the_summary_opens_with_the_pack_s_headlines(book: Workbook, few: Contents) -> None:
    lines = [cell.value for cell in book["Summary"]["A"]]
    expected = [line for sentences in overall(few) for line in note_lines(sentences)]
    assert [line for line in lines if line in expected] == expected


def test_comparison_sheets_hold_every_figure_of_the_latest_period(
    values: CalamineWorkbook, contents: Contents
) -> None:
    written = comparisons(values).set_index(["Indicator code", "Area code"])
    rows = latest(contents.comparison, contents.period).set_index(["indicator", "area"])
    assert len(written) == len(rows)
    assert written.index.is_unique
    written = written.loc[rows.index]
    headings = {
        "period": "Period",
        "numerator": "Numerator",
        "denominator": "Denominator",
        "value": "Value",
        "lower_95": "Value: lower 95 % limit",
        "upper_95": "Value: upper 95 % limit",
        "lower_998": "Value: lower 99.8 % limit",
        "upper_998": "Value: upper 99.8 % limit",
        "comparator_value": "Comparator's value",
        "difference": "Difference",
        "difference_lower_95": "Difference: lower 95 % limit",
        "difference_upper_95": "Difference: upper 95 % limit",
        "significance": "Against peers, at 95 %",
        "significance_998": "Against peers, at 99.8 %",
        "best_5_value": "Best five of ten peers",
        "significance_rightcare": "By RightCare's rule",
        "percentile": "Percentile among areas of its kind",
        "rank": "Rank, 1 is lowest",
        "peers_used": "Peers with a value",
        "reliability": "Reliability",
    }
    for column, heading in headings.items():
        figures = pd.to_numeric(rows[column], errors="coerce")
        words = rows[column].astype(object).where(rows[column].notna(), "[x]")[figures.isna()]
        assert written.loc[figures.isna(), heading].tolist() == words.tolist(), column
        if figures.isna().all():
            continue
        stored = written.loc[figures.notna(), heading].astype(float)
        known = figures[figures.notna()]
        # Eight figures are stored, and hundredths of whatever has more.
        assert stored.tolist() == pytest.approx(known.tolist(), rel=0.51e-7, abs=0), column


def test_the_biggest_opportunity_comes_first_with_every_claim_beside_it(
    values: CalamineWorkbook, contents: Contents
) -> None:
    written = table(values, "opportunity")
    own = league(contents)
    assert written["Indicator"].tolist()[: len(own)] == own["name"].tolist()
    savings = [heading for heading in written.columns if heading.endswith(": saving £")]
    claims = contents.opportunity[["mode", "comparator"]].drop_duplicates()
    assert len(savings) == len(claims) >= 2
    expected = own["value_gbp"].sum()
    assert pd.to_numeric(written[savings[0]], errors="coerce").sum() == pytest.approx(expected)


def test_an_under_use_is_an_investment_and_in_no_total_of_savings(counted: Workbook, few: Contents) -> None:
    written, total = table(counted, "opportunity"), totals(counted, "opportunity")
    under = written[written["Direction"] == "increase"]
    assert len(under)
    for heading in [heading for heading in written.columns if heading.endswith(": saving £")]:
        assert set(under[heading]) == {"[z]"}
    invested = total[next(heading for heading in written.columns if "investment" in heading)]
    assert invested == pytest.approx(league(few)["investment_gbp"].sum())


def test_totals_by_programme_are_live_and_equal_the_sums_over_the_table(
    book: Workbook, counted: Workbook, few: Contents
) -> None:
    formulas, written = table(book, "by_programme"), table(counted, "by_programme")
    saving = next(heading for heading in written.columns if heading.endswith("saving £"))
    assert formulas[saving].str.startswith("=SUMIFS(").all()
    expected = league(few).groupby("programme")["value_gbp"].sum()
    for programme, pounds in zip(written["Programme"], written[saving], strict=True):
        assert pounds == pytest.approx(expected[programme], abs=0.0005), programme
    assert totals(counted, "by_programme")[saving] == pytest.approx(expected.sum(), abs=0.0005)
    assert written["Share of all savings"].sum() == pytest.approx(1)


def test_programme_totals_of_the_whole_pack_are_those_of_pandas(
    values: CalamineWorkbook, contents: Contents
) -> None:
    written = table(values, "by_programme").set_index("Programme")
    saving = next(heading for heading in written.columns if heading.endswith("saving £"))
    expected = league(contents).groupby("programme")["value_gbp"].sum()
    assert written[saving].to_dict() == pytest.approx(expected.to_dict(), abs=0.0005)


def test_the_three_biggest_are_those_of_the_headline(values: CalamineWorkbook, contents: Contents) -> None:
    written = table(values, "biggest")
    own = league(contents).head(3)
    assert written["Indicator"].tolist() == own["name"].tolist()
    assert written.iloc[:, 2].tolist() == pytest.approx(own["value_gbp"].tolist())


def test_the_ledger_adds_up_to_the_pack_s_own_area_but_for_areas_too_small_to_show(
    values: CalamineWorkbook, contents: Contents
) -> None:
    written = table(values, "opportunity_by_area")
    saving = next(heading for heading in written.columns if heading.endswith("saving £"))
    finest = finest_kind(contents.areas)
    total = {}
    for kind in (finest, parent_kind(contents.areas, finest)):
        areas = contents.areas.loc[contents.areas["kind"] == kind, "area"]
        rows = written[written["Area code"].isin(areas)]
        total[kind] = pd.to_numeric(rows[saving], errors="coerce").sum()
    focus = league(contents)["value_gbp"].sum()
    assert total[parent_kind(contents.areas, finest)] == pytest.approx(focus, abs=0.005)
    assert 0.9 * focus < total[finest] <= focus  # an unreliable practice is shown in its locality only


def test_every_row_of_the_savings_ledger_is_a_row_of_the_pack_s_table_with_the_same_figures(
    values: CalamineWorkbook, contents: Contents
) -> None:
    shown = table(values, "savings_ledger")
    codes = shown[["Indicator code", "Area code"]]
    rest = shown["Kind of area"] == REST
    ours = contents.ledger.assign(rest=contents.ledger["kind"] == REST)
    key = ["indicator", "area", "rest"]
    assert not ours.duplicated(key).any()
    wanted = pd.MultiIndex.from_arrays([codes["Indicator code"], codes["Area code"], rest])
    found = ours.set_index(key).reindex(wanted)
    assert found["kind"].notna().all()
    for name, label in zip(UNITS, labels(), strict=True):
        figures = pd.to_numeric(shown[f"Units: {label}"], errors="coerce").to_numpy()
        np.testing.assert_allclose(figures, found[name].to_numpy(dtype=float), rtol=1e-8, atol=0.005)


def test_the_workbook_of_a_county_can_be_mailed(path: Path) -> None:
    assert path.stat().st_size < 3_000_000


def test_each_question_of_finance_leads_to_its_sheet(values: CalamineWorkbook) -> None:
    whole = table(values, "answers")
    asked = " ".join(whole["Question"])
    for word in ("credible", "sure", "schemes", "double counting", "60 %", "come from"):
        assert word in asked
    assert set(whole["Where it is from"]) <= set(values.sheet_names)


def test_the_gap_of_the_plan_is_a_formula_of_target_and_net(
    book: Workbook, values: CalamineWorkbook, contents: Contents
) -> None:
    assert table(book, "plan")["Gap £"].str.startswith("=").all()
    written = table(values, "plan")
    expected = contents.plan["target_gbp"] - contents.plan["net_gbp"]
    assert written["Gap £"].tolist() == pytest.approx(expected.tolist())
    assert table(values, "plan_summary")["Gap £"].tolist() == pytest.approx(expected.tolist())


def test_every_formula_carries_a_value(book: Workbook, counted: Workbook) -> None:
    formulas = [cell for cell in cells(book) if cell.data_type == "f"]
    assert len(formulas) > 50
    for cell in formulas:
        value = counted[cell.parent.title][cell.coordinate].value
        assert value is not None, (cell.parent.title, cell.coordinate)
        assert not str(value).startswith("#"), (cell.parent.title, cell.coordinate)


def test_all_checks_agree_and_the_cover_says_so(values: CalamineWorkbook) -> None:
    checks = table(values, "checks")
    assert set(checks["Result"]) == {"OK"}
    assert checks["Difference"].abs().max() <= 0.005
    assert table(values, "all_checks")["Verdict"].tolist() == ["OK"]
    cover = table(values, "about").set_index("About this workbook")["Detail"]
    assert cover["Checks"] == "OK"


def test_a_penny_astray_turns_the_light(few: Contents, reopened: Reopened) -> None:
    opportunity = few.opportunity.copy()
    finest = opportunity["kind"] == finest_kind(few.areas)
    headline = (opportunity["mode"] == few.headline_mode) & (
        opportunity["comparator"] == few.headline_comparator
    )
    row = opportunity.index[finest & headline & (opportunity["value_gbp"] > 1)][0]
    opportunity.loc[row, "value_gbp"] += 0.01
    book = reopened(replace(few, opportunity=opportunity))
    checks = table(book, "checks")
    assert (checks["Result"] == "CHECK").sum() == 1
    assert table(book, "all_checks")["Verdict"].tolist() == ["CHECK"]


def test_text_that_looks_like_a_formula_stays_text(few: Contents, reopened: Reopened) -> None:
    names = ["=1+1", "+44 20", "-2", "@here", "\t=1+1", "\r=1+1", '=HYPERLINK("http://x","y")']
    areas = few.areas.copy()
    areas.loc[areas.index[-len(names) :], "name"] = names
    catalogue = few.catalogue.copy()
    catalogue.loc[0, "name"] = names[0]
    book = reopened(replace(few, areas=areas, catalogue=catalogue), formulas=True)
    for name in names:
        found = [cell for cell in cells(book) if cell.value == name.replace("\r", "\n")]
        assert len(found) > 3, name
        assert {cell.data_type for cell in found} == {"s"}, name
        assert all(cell.quotePrefix for cell in found), name


def test_negative_figures_stay_figures(values: CalamineWorkbook) -> None:
    differences = comparisons(values)["Difference"]
    assert (pd.to_numeric(differences, errors="coerce") < 0).any()
    assert not differences.map(lambda value: isinstance(value, str) and value.startswith("-")).any()


def test_characters_that_xml_forbids_are_left_out(few: Contents, reopened: Reopened) -> None:
    areas = few.areas.copy()
    areas.loc[areas.index[-1], "name"] = "Pool\x00e \x0b\ufffe<Bay> & Sons]]>"
    book = reopened(replace(few, areas=areas))
    assert "Poole <Bay> & Sons]]>" in {cell.value for cell in cells(book)}


def test_what_is_not_finite_is_not_available(few: Contents, reopened: Reopened) -> None:
    comparison = few.comparison.assign(value=np.nan, reliability=np.inf)
    written = comparisons(reopened(replace(few, comparison=comparison)))
    assert set(written["Value"]) == set(written["Reliability"]) == {"[x]"}


def test_a_suppressed_figure_is_shown_as_such_to_the_right(few: Contents, reopened: Reopened) -> None:
    comparison = few.comparison.astype({"numerator": object, "value": object})
    comparison.loc[comparison["kind"] == finest_kind(few.areas), ["numerator", "value"]] = "[c]"
    book = reopened(replace(few, comparison=comparison))
    found = [cell for cell in cells(book) if cell.value == "[c]"]
    assert len(found) > 100
    assert {cell.alignment.horizontal for cell in found} == {"right"}


def test_a_missing_count_leaves_its_sum_unchecked_not_wrong(few: Contents, reopened: Reopened) -> None:
    opportunity = few.opportunity.copy()
    finest = opportunity["kind"] == finest_kind(few.areas)
    opportunity.loc[opportunity.index[finest][:3], "value_gbp"] = np.nan
    assert table(reopened(replace(few, opportunity=opportunity)), "all_checks")["Verdict"].tolist() == ["OK"]


def test_a_pack_without_opportunity_or_plan_still_has_a_workbook(few: Contents, reopened: Reopened) -> None:
    book = reopened(
        replace(
            few,
            opportunity=few.opportunity.head(0),
            plan=few.plan.head(0),
            findings=few.findings.head(0),
            peers=few.peers.head(0),
            peer_fit=few.peer_fit.head(0),
            notice="",
            banner="",
        )
    )
    assert len(comparisons(book))
    assert "No opportunity was sized in this pack." in {cell.value for cell in cells(book)}
    assert "Checks" not in table(book, "about")["About this workbook"].tolist()


def test_a_pack_without_prices_has_units_and_no_pounds(few: Contents, reopened: Reopened) -> None:
    money = ["value_gbp", "investment_gbp", "p10", "p50", "p90", "chance_floor_gbp"]
    opportunity = few.opportunity.assign(**dict.fromkeys(money, np.nan))
    written = table(reopened(replace(few, opportunity=opportunity)), "opportunity")
    over = written[written["Direction"] == "reduce"]
    assert set(over[next(h for h in written.columns if h.endswith("saving £"))]) == {"[x]"}
    assert set(written["Share of all savings shown"]) == {"[z]"}


def test_areas_of_one_kind_without_parents_or_focus_make_a_workbook(
    few: Contents, reopened: Reopened
) -> None:
    kind = finest_kind(few.areas)
    codes = few.areas.loc[few.areas["kind"] == kind, "area"].tolist()[:13]
    areas = few.areas[few.areas["area"].isin(codes)].assign(parent=None, kind="sub_icb")
    pack = replace(
        few,
        focus="",
        areas=areas.reset_index(drop=True),
        comparison=few.comparison[few.comparison["area"].isin(codes)].assign(kind="sub_icb"),
        opportunity=few.opportunity[few.opportunity["area"].isin(codes)].assign(kind="sub_icb"),
        variation=few.variation[few.variation["kind"] == kind].assign(kind="sub_icb"),
        peers=few.peers[few.peers["area"].isin(codes)],
        peer_fit=few.peer_fit[few.peer_fit["area"].isin(codes)],
    )
    book = reopened(pack)
    assert set(table(book, "opportunity_by_area")["Kind of area"]) == {"sub-ICB area"}
    checks = table(book, "checks")
    assert (checks["Result"] == "OK").all(), checks[checks["Result"] != "OK"].to_string()
    assert len(table(book, "checks")) > 3


def test_an_indicator_without_a_programme_is_shown_as_other(few: Contents, reopened: Reopened) -> None:
    book = reopened(replace(few, catalogue=few.catalogue.assign(programme=None)))
    assert "Compare Other" in book.sheetnames
    assert table(book, "by_programme")["Programme"].tolist() == ["Other"]
    checks = table(book, "checks")
    assert (checks["Result"] == "OK").all(), checks[checks["Result"] != "OK"].to_string()


def test_programmes_with_long_or_like_names_get_sheets_of_their_own(
    few: Contents, reopened: Reopened
) -> None:
    names = [f"Cancer: bowel/breast [all] {'very ' * 9}long {number}" for number in range(len(few.catalogue))]
    book = reopened(replace(few, catalogue=few.catalogue.assign(programme=names)))
    compared = [name for name in book.sheetnames if name.startswith("Compare ")]
    assert len({name.casefold() for name in compared}) == len(names)
    assert max(len(name) for name in book.sheetnames) <= 31
    checks = table(book, "checks")
    assert (checks["Result"] == "OK").all(), checks[checks["Result"] != "OK"].to_string()


def test_totals_find_a_programme_whatever_it_is_called(few: Contents, reopened: Reopened) -> None:
    names = ["<18 asthma", "=1+1", ">=65", "O'Brien & Sons", "100%", "Heart"][: len(few.catalogue)]
    book = reopened(replace(few, catalogue=few.catalogue.assign(programme=names)))
    assert set(table(book, "by_programme")["Programme"]) <= set(names)
    assert set(table(book, "by_programme")["Indicators with an opportunity"]) == {1}
    checks = table(book, "checks")
    assert (checks["Result"] == "OK").all(), checks[checks["Result"] != "OK"].to_string()


def test_sixty_five_hundred_areas_too_many_for_a_sheet_leave_the_groups(
    few: Contents, reopened: Reopened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.workbook.comparison.MOST_ROWS", 10)
    monkeypatch.setattr("reports.workbook.sizing.MOST_ROWS", 60)
    book = reopened(few)
    assert "practice" not in set(comparisons(book)["Kind of area"])
    assert "practice" not in set(table(book, "opportunity_by_area")["Kind of area"])
    assert sum("too many for one sheet" in str(cell.value) for cell in cells(book)) >= 2
    checks = table(book, "checks")
    assert (checks["Result"] == "OK").all(), checks[checks["Result"] != "OK"].to_string()


def test_significance_is_a_word_and_set_off_by_colour(book: Workbook) -> None:
    for sheet in book.worksheets:
        if sheet.title.startswith("Compare "):
            rules = [rule for ranges in sheet.conditional_formatting for rule in ranges.rules]
            assert {rule.formula[0] for rule in rules} >= {'"better"', '"worse"', '"higher"', '"lower"'}
            red_or_green = {"FFFF0000", "FF00B050", "FFFFC000", "FF92D050"}
            assert not {rule.dxf.fill.bgColor.rgb for rule in rules} & red_or_green


def test_the_chart_is_native_and_can_be_read_aloud(path: Path, book: Workbook) -> None:
    (chart,) = book["Summary"]._charts
    assert chart.type == "bar"
    with zipfile.ZipFile(path) as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    assert 'descr="Bar chart of the saving by programme' in drawing


def test_figures_show_the_unit_s_own_decimals_and_hold_all_of_them(
    book: Workbook, contents: Contents
) -> None:
    money = contents.catalogue.loc[contents.catalogue["unit"].str.startswith("£"), "indicator"]
    for sheet in book.worksheets:
        if not sheet.title.startswith("Compare "):
            continue
        code, value = places(sheet, "Indicator code"), places(sheet, "Value")
        for row in sheet.iter_rows(min_row=code.row + 1):
            shown = row[value.column - 1].number_format
            assert shown.startswith("£" if row[code.column - 1].value in set(money) else "#,##0")


def places(sheet: Worksheet, heading: str) -> openpyxl.cell.Cell:
    """The cell of a heading."""
    return next(cell for row in sheet.iter_rows() for cell in row if cell.value == heading)


def test_pandas_reads_the_figures_with_either_of_its_engines(path: Path, contents: Contents) -> None:
    data = io.BytesIO(path.read_bytes())
    for engine in ("openpyxl", "calamine"):
        frame = pd.read_excel(data, sheet_name="Plan", header=None, engine=engine)
        heading = frame.index[frame[0] == "Line of the plan"][0]
        rows = frame.iloc[heading + 1 : heading + 1 + len(contents.plan)].set_axis(frame.loc[heading], axis=1)
        expected = (contents.plan["target_gbp"] - contents.plan["net_gbp"]).tolist()
        assert rows["Gap £"].astype(float).tolist() == pytest.approx(expected)


def test_the_time_of_making_may_be_older_than_zip_files(few: Contents, reopened: Reopened) -> None:
    book = reopened(replace(few, made=datetime(1974, 4, 1)))
    assert table(book, "about").set_index("About this workbook")["Detail"]["Made"] == "1 April 1974"


def test_more_areas_than_a_sheet_takes_and_no_groups_leave_a_sentence(
    few: Contents, reopened: Reopened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.workbook.comparison.MOST_ROWS", 1)
    monkeypatch.setattr("reports.workbook.sizing.MOST_ROWS", 1)
    finest = finest_kind(few.areas)
    tables = {
        name: (rows := getattr(few, name))[rows["kind"] == finest]
        for name in ("areas", "comparison", "variation", "opportunity")
    }
    book = reopened(replace(few, focus="", **tables))
    assert "No opportunity of single areas is shown here." in {cell.value for cell in cells(book)}
    checks = table(book, "checks")
    assert (checks["Result"] == "OK").all(), checks[checks["Result"] != "OK"].to_string()
