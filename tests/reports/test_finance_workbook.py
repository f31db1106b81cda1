"""The live finance sheets give, in two engines and under any assumptions, what the toolkit itself works out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from reports.workbook.finance import names as n
from tests.reports.finance_book import Figures, address, layouts_of, write_book
from tests.reports.recalculation import assert_same, carried, in_formualizer, in_libreoffice, with_inputs
from variation.finance.edits import read_back
from variation.finance.savings import ALL_LINES, work_out_savings
from variation.finance.savings_lines import activity_now
from variation.packs.pack import contents_of

PENNY = 0.005
DRAWS = 200  # of the thousand: as telling, and a fifth of the cells


@pytest.fixture(scope="module")
def analysis(example_analysis):
    """The built-in example with fewer draws."""
    few = {
        name: {comparator: drawn[:DRAWS] for comparator, drawn in by.items()}
        for name, by in example_analysis.focus_draws.items()
    }
    return replace(example_analysis, focus_draws=few)


@pytest.fixture(scope="module")
def contents(analysis):
    return contents_of(analysis)


@pytest.fixture(scope="module")
def book(contents):
    return write_book(contents)


@pytest.fixture(scope="module")
def layouts(contents):
    return layouts_of(contents)


def row_of(frame, column, value):
    """Number of a row from 0, in the order of the sheet."""
    return frame.reset_index(drop=True).index[(frame[column] == value).to_numpy()][0]


@pytest.fixture(scope="module")
def edits(contents, layouts):
    """Ten changed sets of assumptions, every kind of input in at least one of them."""
    finance = contents.finance
    lines, schemes, pairs = finance.lines, finance.schemes, finance.overlaps

    def line(indicator, key):
        return address(layouts, n.LINES, key, row_of(lines, "indicator", indicator))

    def scheme(name, key):
        return address(layouts, n.SCHEMES, key, row_of(schemes, "scheme", name))

    def delivery(name, key):
        return address(layouts, n.DELIVERY, key, row_of(finance.delivery, "point_of_delivery", name))

    pair = row_of(
        pairs.assign(both=pairs["indicator"] + pairs["other"]),
        "both",
        "ambulatory_care_admissionslength_of_stay",
    )
    return {
        "best five": {"comparator": "Best five of ten peers"},
        "RightCare's rule": {"rule": "RightCare's rule", "overlap_cap": 0.05},
        "every gap, capped": {"rule": "Every gap", "overlap_cap": 0.01, "plan_line_shown": "Outpatients"},
        "emergencies at 30 %": {delivery("non_elective", "marginal_rate"): 0.3,
                                line("copd_admissions", "marginal_rate"): 0.9},
        "60 % delivered": {"delivered": 0.6,
                           **{scheme(name, "deliverable"): None for name in schemes["scheme"].head(24)}},
        "later and slower": {
            scheme("Outpatients: advice before referral, fewer follow-ups", "start_year"): 2,
            scheme("Outpatients: advice before referral, fewer follow-ups", "months"): 3,
            scheme("Medicines: inhalers", "phasing"): "slow",
            scheme("Medicines: first choice", "recurrent"): "no",
            address(layouts, n.PHASING, "year_1", 1): 0.4,
        },
        "dearer": {"reinvested": 0.4, "one_off_share": 0.5, "discount_rate": 0.08, "plan_year": 1,
                   scheme("Urgent care: instead of A&E", "one_off_gbp"): 3_000_000.0},
        "overlaps known": {address(layouts, n.OVERLAPS, "share", pair): 0.25, "plan_line_shown": ALL_LINES},
        "new prices": {line("length_of_stay", "unit_cost"): 101.5, line("pregabalin", "unit_cost"): 40.0,
                       line("outpatient_spend", "unit_cost"): 0.0},
        "gathered anew": {line("copd_admissions", "scheme"): "Spare scheme 1",
                          line("cancer_spend", "scheme"): "Spare scheme 1",
                          line("mental_health_spend", "point_of_delivery"): "Elective spell",
                          scheme("Spare scheme 1", "addressable"): 0.0, delivery("community", "contract"): 0.5,
                          delivery("elective", "variable_cost"): 0.9, "signed_off": 0.35},
    }  # fmt: skip


@pytest.fixture(scope="module")
def recalculated(book, edits, soffice, tmp_path_factory):
    """The book under every set, reckoned by LibreOffice and by formualizer; and the edited file itself."""
    edited = {"as written": with_inputs(book, {})}
    edited |= {label: with_inputs(book, inputs) for label, inputs in edits.items()}
    folder = tmp_path_factory.mktemp("finance")
    theirs = in_libreoffice(soffice, edited, folder)
    saved = {
        label: (folder / "recalculated" / f"{number}.xlsx").read_bytes()
        for number, label in enumerate(edited)
    }
    return edited, theirs, saved


def again(analysis, assumed):
    """The chain of an analysis under other assumptions."""
    inputs = analysis.inputs
    focus = inputs.settings.focus
    activity = activity_now(analysis.comparison, analysis.opportunity, inputs.tree, focus)
    return work_out_savings(assumed, analysis.ledger, activity, analysis.focus_draws, inputs.tree, focus)


SETS = [
    "as written", "best five", "RightCare's rule", "every gap, capped", "emergencies at 30 %", "60 % delivered",
    "later and slower", "dearer", "overlaps known", "new prices", "gathered anew",
]  # fmt: skip


def test_the_book_carries_the_values_that_another_engine_finds(book, recalculated):
    _, theirs, _ = recalculated
    assert_same(carried(book), theirs["as written"])


@pytest.mark.system
@pytest.mark.parametrize("label", SETS[1:])
def test_two_engines_agree_in_every_cell_whatever_is_changed(label, recalculated, edits):
    assert label in edits
    edited, theirs, _ = recalculated
    assert_same(in_formualizer(edited[label]), theirs[label])


@pytest.mark.system
@pytest.mark.parametrize("label", SETS)
def test_every_figure_is_what_the_toolkit_works_out(label, recalculated, layouts, analysis, tmp_path):
    edited, _, saved = recalculated
    (tmp_path / "edited.xlsx").write_bytes(edited[label])
    findings: list = []
    assumed, sources = read_back(tmp_path / "edited.xlsx", analysis.inputs.assumptions, findings)
    assert bool(sources) == (label != "as written"), findings
    ours, cells = again(analysis, assumed), Figures(saved[label], layouts)
    year = assumed.general.plan_year
    assert_lines(ours, cells, year)
    assert_schemes(ours, cells)
    assert_years(ours, cells)
    assert_intervals(ours, cells, assumed, year)
    assert_areas(ours, cells, year)
    assert_plan(ours, cells, analysis, year)
    assert (cells["checks"]["result"] == "OK").all(), cells["checks"][cells["checks"]["result"] != "OK"]


def close(found, expected):
    np.testing.assert_allclose(
        np.asarray(found, dtype=float), np.asarray(expected, dtype=float), rtol=0, atol=PENNY
    )


def assert_lines(ours, cells, year):
    """Each step of each line."""
    found = cells[n.CHAIN].set_index("indicator")
    top = ours.savings[(ours.savings["area"] == "DOR") & (ours.savings["kind"] == "icb")]
    top = top[top["year"].isna() | (top["year"] == year)]
    steps = {
        "gross": ("gross", "gross"), "credible": ("credible", "credible"), "deduplicated": ("once", "once"),
        "addressable": ("addressable", "addressable"),
        "cashable": ("cashable_commissioner", "cashable_system"),
        "deliverable": ("deliverable_commissioner", "deliverable_system"),
        "phased": ("phased_commissioner", "phased_system"), "net": ("net_commissioner", "net_system"),
    }  # fmt: skip
    for step, (commissioner, system) in steps.items():
        rows = top[(top["step"] == step) & top["commissioner_gbp"].notna()].set_index("indicator")
        assert len(rows) == len(found)
        close(found.loc[rows.index, commissioner], rows["commissioner_gbp"])
        close(found.loc[rows.index, system], rows["system_gbp"])
    needs = top[(top["step"] == "credible") & top["investment_gbp"].notna()].set_index("indicator")
    close(cells[n.INVESTMENT].set_index("indicator").loc[needs.index, "credible"], needs["investment_gbp"])


def assert_schemes(ours, cells):
    """Each scheme's sums, effects, present value and payback."""
    found = cells[n.SCHEME_RESULTS].set_index("scheme").loc[ours.schemes["scheme"]]
    for key, column in {
        "once": "deduplicated_gbp", "deliverable": "deliverable_gbp", "part_year": "part_year_gbp",
        "full_year": "full_year_gbp", "net": "net_gbp", "system_net": "system_net_gbp",
        "present_value": "present_value_gbp",
    }.items():  # fmt: skip
        close(found[key], ours.schemes[column])
    years = pd.to_numeric(found["payback"], errors="coerce").to_numpy()
    np.testing.assert_allclose(years, ours.schemes["payback_years"].to_numpy(), atol=1e-6)
    assert (found.loc[np.isnan(years), "payback"] == "not within five years").all()


def assert_years(ours, cells):
    """All lines, year by year."""
    whole = ours.chain[ours.chain["plan_line"] == ALL_LINES]
    found = cells[n.YEAR_SUMS].sort_values("year")
    for step, key in (("phased", "saving"), ("net", "net")):
        rows = whole[whole["step"] == step].sort_values("year")
        close(found[key], rows["commissioner_gbp"])
        close(found[f"system_{key}"], rows["system_gbp"])


def assert_intervals(ours, cells, assumed, year):
    """Percentiles of what is counted once and of the net, for all lines and for the line looked at."""
    found = cells[n.INTERVALS]
    shown = assumed.general.plan_line_shown or "RightCare"
    for row, (line, step, of_year) in enumerate(
        [
            (ALL_LINES, "deduplicated", None),
            (ALL_LINES, "net", year),
            (shown, "deduplicated", None),
            (shown, "net", year),
        ]
    ):
        rows = ours.chain[(ours.chain["plan_line"] == line) & (ours.chain["step"] == step)]
        own = rows[rows["year"].isna() if of_year is None else rows["year"] == of_year].iloc[0]
        close(found.loc[row, "value"], own["commissioner_gbp"])
        for name in ("p10", "p50", "p90"):
            if np.isnan(own[name]):
                assert found.loc[row, name] == "[z]"
            else:
                close(found.loc[row, name], own[name])


def assert_areas(ours, cells, year):
    """Each area's sums; those of single areas as far as they are shown."""
    found = cells[n.AREAS].set_index(["area", "kind_name"])
    rows = ours.savings[(ours.savings["step"] != "net") | (ours.savings["year"] == year)]
    for step, key in (("gross", "gross"), ("credible", "credible"), ("deduplicated", "once")):
        sums = rows[rows["step"] == step].groupby(["area", "kind"])["commissioner_gbp"].sum()
        sums = sums.drop(index=("DOR", "icb"))
        close(found.loc[sums.index, key], sums)
    net = (
        rows[(rows["step"] == "net") & (rows["area"] != "DOR")]
        .groupby(["area", "kind"])["commissioner_gbp"]
        .sum()
    )
    close(found.loc[net.index, "net"], net)


def assert_plan(ours, cells, analysis, year):
    """Every line of the plan with its parts."""
    from variation.finance.plan import plan_against_savings

    plan = plan_against_savings(analysis.inputs.plan, ours.chain, year).set_index("plan_line")
    found = cells["plan"].set_index("plan_line").loc[plan.index]
    for key, column in {
        "identified_gbp": "identified_gbp", "net_gbp": "net_gbp", "system_net_gbp": "system_net_gbp",
        "investment_gbp": "investment_gbp", "gap": "gap_gbp",
    }.items():  # fmt: skip
        close(found[key], plan[column])


@pytest.mark.parametrize(
    ("row", "changed"),
    [
        ("Credible, mean of peers", {}),
        ("Credible, best five of ten peers", {"comparator": "best_5"}),
        ("RightCare's rule, best five of ten peers", {"rule": "rightcare"}),
        ("Every gap, mean of peers", {"rule": "gross"}),
    ],
)
def test_each_cell_of_the_sensitivity_grid_is_the_chain_run_again(row, changed, book, layouts, analysis):
    cells = Figures(book, layouts)[n.GRID]
    assumed = analysis.inputs.assumptions
    for rate, net_at_60, net_at_100 in cells.loc[cells["way"] == row, ["rate", "net_2", "net_4"]].itertuples(
        index=False
    ):
        for share, found in ((0.6, net_at_60), (1.0, net_at_100)):
            ours = again(analysis, with_everywhere(assumed, rate, share, changed))
            close(found, net_of(ours, assumed.general.plan_year))


def with_everywhere(assumed, rate, share, changed):
    """One marginal rate for emergencies and one share delivered by every scheme."""
    delivery = assumed.delivery.copy()
    delivery.loc[delivery["point_of_delivery"] == "non_elective", "marginal_rate"] = rate
    return replace(
        assumed,
        general=assumed.general.model_copy(update=changed),
        delivery=delivery,
        schemes=assumed.schemes.assign(deliverable=share),
    )


def net_of(ours, year):
    whole = ours.chain[(ours.chain["plan_line"] == ALL_LINES) & (ours.chain["step"] == "net")]
    return whole.loc[whole["year"] == year, "commissioner_gbp"].iloc[0]


def test_each_end_of_the_tornado_is_the_chain_run_again(book, layouts, analysis):
    found = Figures(book, layouts)[n.SWINGS_FOUND].set_index("key")
    assumed = analysis.inputs.assumptions

    def general(**changes):
        return replace(assumed, general=assumed.general.model_copy(update=changes))

    def schemes(**changes):
        return replace(assumed, schemes=assumed.schemes.assign(**changes))

    ends = {
        "delivery": [schemes(deliverable=share) for share in (0.4, 1.0)],
        "sign_off": [schemes(addressable=share) for share in (0.5, 1.0)],
        "reinvestment": [general(reinvestment=share) for share in (0.4, 0.05)],
        "cap": [general(overlap_cap=share) for share in (0.02, 1.0)],
        "phasing": [schemes(phasing=name) for name in ("slow", "quick")],
        "comparator": [general(comparator=name) for name in ("peer_mean", "best_5")],
        "rule": [general(rule=name) for name in ("credible", "gross")],
    }
    year = assumed.general.plan_year
    for key, (low, high) in ends.items():
        close(found.loc[key, "net_low"], net_of(again(analysis, low), year))
        close(found.loc[key, "net_high"], net_of(again(analysis, high), year))


def test_the_answers_name_target_interval_schemes_and_double_counting(book, layouts):
    cells = Figures(book, layouts)
    answers = " ".join(cells[n.ANSWERS]["answer"])
    once = cells[n.INTERVALS].loc[2]
    largest = cells[n.TOP_SCHEMES]["scheme"].iloc[0]
    for said in (
        "RightCare: £28.0m",
        "£21.3m a year counted once",
        f"£{once['p10'] / 1e6:.1f}m to £{once['p90'] / 1e6:.1f}m counted once",
        "£1.8m of £23.1m",
        "net in year 4",
        f"first {largest}",
    ):
        assert said in answers


def test_a_changed_input_shows_until_it_is_read_back(book, layouts):
    address_of_cap = with_inputs(book, {"overlap_cap": 0.1})
    values = in_formualizer(address_of_cap)
    rows = Figures(book, layouts)[n.ASSUMPTIONS]
    assert (rows["changed"] == "as given").all()
    assert sum(value == "changed" for (sheet, _), value in values.items() if sheet == "Assumptions") == 1
