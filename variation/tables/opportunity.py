"""The tables of the opportunity and of what becomes of it in money."""

from reports.finance import BASES
from variation.tables.columns import Table, flag, number, text, whole
from variation.tables.comparison import SUPPRESSED

MODES = ("gross", "rightcare", "percentile", "credible")
STEPS = (
    "gross",
    "credible",
    "deduplicated",
    "addressable",
    "cashable",
    "deliverable",
    "phased",
    "net",
)

OPPORTUNITY = Table(
    name="opportunity",
    one_row_per="indicator, area, comparator and mode",
    key=("indicator", "area", "comparator", "mode"),
    columns=(
        text("indicator", "indicator code"),
        text("period", "period"),
        text("area", "area code; a parent's figure is the sum over its children"),
        text("kind", "kind of area"),
        text("comparator", "what the area is held against"),
        text("mode", "rule by which a gap counts", choices=MODES),
        text("direction", "reduce: over-use, a saving; increase: under-use, an investment need"),
        number(
            "units",
            "gap x denominator, never below 0 but for percentile mode",
            "indicator's numerator",
            adds_up="gaps",
        ),
        text("unit", "what the units are"),
        number(
            "value_gbp",
            "units x unit cost of an over-use; missing where there is no price",
            "£",
            adds_up="gaps",
        ),
        number("investment_gbp", "units x unit cost of an under-use; never netted off", "£", adds_up="gaps"),
        number("p10", "10th percentile of value or investment (credible mode)", "£"),
        number("p50", "50th percentile", "£"),
        number("p90", "90th percentile", "£"),
        number("probability", "that the area is above its peers in the bad direction"),
        number(
            "chance_floor_gbp", "what the same rule would claim if all areas were alike", "£", adds_up="sum"
        ),
        number("reliability", "share of the variation between areas that is real, at this area's size"),
        flag("counted", "counts towards the headline"),
        SUPPRESSED,
    ),
)

TOTALS = Table(
    name="totals",
    one_row_per="area that has others below it, comparator and mode",
    key=("area", "comparator", "mode"),
    columns=(
        text("area", "area code"),
        text("kind", "kind of area"),
        text("comparator", "what areas are held against"),
        text("mode", "rule by which a gap counts", choices=MODES),
        whole("indicators", "indicators that count: of those that count the same events, the largest"),
        number("value_gbp", "savings, each event counted once", "£"),
        number(
            "overlap_gbp",
            "savings left out because another indicator counts the same events",
            "£",
        ),
        number("p10", "10th percentile of the total (credible mode)", "£"),
        number("p50", "50th percentile", "£"),
        number("p90", "90th percentile", "£"),
        number("chance_floor_gbp", "what the same rule would claim if all areas were alike", "£"),
    ),
)

LEDGER = Table(
    name="ledger",
    one_row_per="indicator with a price and area; what single areas do not show stands in one row for those together",
    key=("indicator", "area", "kind"),
    columns=(
        text("indicator", "indicator code"),
        text("area", "area code; of a row not shown singly, the area that they are part of"),
        text("kind", "kind of area, or not shown singly"),
        text("direction", "reduce: over-use, a saving; increase: under-use, an investment need"),
        *(
            number(
                f"{mode}_{comparator}_units",
                f"units by the rule {mode} against {comparator}",
                "indicator's numerator",
                adds_up="sum",
            )
            for mode, comparator in BASES
        ),
        *(
            number(
                f"beyond_{comparator}_units",
                f"what chance had hidden: credible units against {comparator} above the gap as counted; of areas not"
                " shown singly their gaps as counted too",
                "indicator's numerator",
            )
            for comparator in ("peer_mean", "best_5")
        ),
    ),
)

_STEP = text(
    "step",
    "step of the finance chain; none is larger than the one before (phased and net: by year)",
    choices=STEPS,
)
_INTERVAL = tuple(
    number(name, f"{name[1:]}th percentile of the commissioner's £ (credible rule)", "£")
    for name in ("p10", "p50", "p90")
)

SAVINGS = Table(
    name="savings",
    one_row_per="indicator, area, step and year; single areas of the finest kind only up to deduplicated",
    key=("indicator", "area", "kind", "step", "year"),
    columns=(
        text("indicator", "indicator code"),
        text("area", "area code; of a row not shown singly, the area that they are part of"),
        text("kind", "kind of area, or not shown singly"),
        text("scheme", "scheme that the saving is part of"),
        text("plan_line", "line of the plan that it counts towards"),
        _STEP,
        whole("year", "year of the plan, 0 to 4; empty before phasing"),
        number("commissioner_gbp", "£ that the commissioner stops paying", "£", adds_up="sum"),
        number("system_gbp", "£ that the health system stops spending", "£", adds_up="sum"),
        number("investment_gbp", "£ that an under-use would take; never netted off", "£", adds_up="sum"),
        *_INTERVAL,
    ),
)

CHAIN = Table(
    name="chain",
    one_row_per="line of the plan (and all together), step and year, of the pack's own area",
    key=("plan_line", "step", "year"),
    columns=(
        text("plan_line", "line of the plan; All lines for their sum"),
        _STEP,
        whole("year", "year of the plan, 0 to 4; empty before phasing"),
        number("commissioner_gbp", "£ that the commissioner stops paying", "£"),
        number("system_gbp", "£ that the health system stops spending", "£"),
        number("investment_gbp", "£ that under-use would take; never netted off", "£"),
        *_INTERVAL,
    ),
)

SCHEME_SAVINGS = Table(
    name="scheme_savings",
    one_row_per="scheme, of the pack's own area",
    key=("scheme",),
    columns=(
        text("scheme", "what the scheme is called"),
        whole("lines", "indicators that are part of it"),
        number("deduplicated_gbp", "savings, each event counted once", "£"),
        number("deliverable_gbp", "commissioner's saving in a full year", "£"),
        number("part_year_gbp", "commissioner's saving in the year in which it starts", "£"),
        number(
            "full_year_gbp", "commissioner's saving in twelve months at the last stage of its phasing", "£"
        ),
        number("net_gbp", "commissioner's saving net of costs in the plan's year", "£"),
        number("system_net_gbp", "health system's saving net of costs in the plan's year", "£"),
        number("present_value_gbp", "commissioner's net savings of years 0 to 4, discounted", "£"),
        number(
            "payback_years",
            "years from the start of year 0 until net savings so far stop being negative",
            "years",
        ),
    ),
)
