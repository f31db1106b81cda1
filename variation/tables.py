"""Every table declared once: its columns with type, unit and meaning.

Reading, checking, writing, the data dictionary and the documentation are driven by these declarations.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Type = Literal["text", "number", "whole", "flag"]

# How an area's figure comes of those of the areas right below it, where it does: their sum; that of counts, which a
# policy may round; of estimates, which it may shorten; of gaps, of which those below 0 are left out.
AddsUp = Literal["", "sum", "counts", "estimates", "gaps"]

KINDS = ("proportion", "rate", "ratio", "mean", "spend")
POLARITIES = ("low", "high", "local")
STANDARDISATIONS = ("none", "direct", "indirect")
CARE_CLASSES = ("effective", "preference", "supply")
PATHWAY_STAGES = (
    "risk",
    "detection",
    "primary care",
    "prescribing",
    "elective",
    "non-elective",
    "outcome",
    "spend",
)
SIGNIFICANCES = ("better", "similar", "worse", "higher", "lower", "not tested")
MODES = ("gross", "rightcare", "percentile", "credible")
SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: what it is called, what it holds and what that means."""

    name: str
    type: Type
    meaning: str
    unit: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    adds_up: AddsUp = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: its name, what one row is, and its columns in their order."""

    name: str
    one_row_per: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    open_ended: bool = False  # further numeric columns are kept (areas: features for peers)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    @property
    def names(self) -> list[str]:
        """Column names in their order."""
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        """Names of the columns without which the table cannot be used."""
        return [column.name for column in self.columns if column.required]


def text(
    name: str, meaning: str, *, required: bool = False, choices: tuple[str, ...] = (), unit: str = ""
) -> Column:
    """Declare a column of words or codes."""
    return Column(name=name, type="text", meaning=meaning, required=required, choices=choices, unit=unit)


def number(
    name: str,
    meaning: str,
    unit: str = "",
    *,
    required: bool = False,
    minimum: float | None = None,
    adds_up: AddsUp = "",
) -> Column:
    """Declare a column of real numbers."""
    return Column(
        name=name,
        type="number",
        meaning=meaning,
        unit=unit,
        required=required,
        minimum=minimum,
        adds_up=adds_up,
    )


def whole(name: str, meaning: str, unit: str = "") -> Column:
    """Declare a column of whole numbers."""
    return Column(name=name, type="whole", meaning=meaning, unit=unit)


def flag(name: str, meaning: str) -> Column:
    """Declare a column of true and false."""
    return Column(name=name, type="flag", meaning=meaning)


def _limits(prefix: str, meaning: str, unit: str) -> tuple[Column, ...]:
    """Declare the four columns of 95 % and 99.8 % limits."""
    return tuple(
        number(f"{prefix}{side}_{short}", f"{side} {level} % {meaning}", unit)
        for short, level in (("95", "95"), ("998", "99.8"))
        for side in ("lower", "upper")
    )


INDICATORS = Table(
    name="indicators",
    one_row_per="indicator, area and period (and stratum, where given)",
    key=("indicator", "area", "period", "sex", "age_band", "event_frequency"),
    columns=(
        text("indicator", "indicator code, as in the catalogue", required=True),
        text("area", "area code, as in the areas table", required=True),
        text("period", "period, for example 2016/17 or 2016-04", required=True),
        number("numerator", "events, people or £ counted", minimum=0),
        number("denominator", "people, or whatever the numerator is out of", minimum=0),
        number("value", "published value, where the counts are not published", "indicator's unit"),
        number("lower_95", "published lower 95 % limit", "indicator's unit"),
        number("upper_95", "published upper 95 % limit", "indicator's unit"),
        number("standard_deviation", "between people, for a mean", "numerator per denominator", minimum=0),
        number("expected", "events expected from the case mix, where the publisher gives it", minimum=0),
        number(
            "event_frequency",
            "events that each person of the row had; the numerator then counts people, the denominator is that of the"
            " whole stratum",
            "events",
            minimum=1,
        ),
        text("sex", "stratum: sex"),
        text("age_band", "stratum: age band, for example 65-74"),
        text("published_trend", "recent trend up to this period, as published"),
    ),
)

CATALOGUE = Table(
    name="catalogue",
    one_row_per="indicator",
    key=("indicator",),
    columns=(
        text("indicator", "indicator code", required=True),
        text("name", "what it is called in packs", required=True),
        text("programme", "programme of care, for example Respiratory"),
        text("pathway_stage", "where on the pathway it lies", choices=PATHWAY_STAGES),
        text("kind", "how the value is made and its interval computed", required=True, choices=KINDS),
        text("unit", "words after the number, for example per 1,000 patients"),
        text("counts", "what the numerator counts, for example admissions"),
        number("multiplier", "value = numerator / denominator x multiplier", minimum=0),
        text("polarity", "which direction is good; local: no colour, no opportunity", choices=POLARITIES),
        number("unit_cost", "price of one unit of the numerator; empty where none is meant", "£", minimum=0),
        text("cost_basis", "where the price is from"),
        number("cost_per_event", "spend: mean cost of one item or spell", "£", minimum=0),
        number("cost_cv", "spend: standard deviation over mean of that cost", minimum=0),
        number("target", "a stated target, for the comparator of that name", "indicator's unit"),
        text("overlap_group", "indicators that count the same events share a group"),
        text("care_class", "effective, preference-sensitive or supply-sensitive care", choices=CARE_CLASSES),
        text("plan_line", "line of the plan that a saving would count towards"),
        text(
            "part_of",
            "indicator whose numerator is the sum of this one's and its fellows': disclosure control looks at them"
            " together",
        ),
        text("standardise", "how age and sex strata are used", choices=STANDARDISATIONS),
        text("source", "publication the figures are from"),
        text("question", "what a clinician would ask"),
        text("may_be_warranted", "what may warrant a difference"),
    ),
)

AREAS = Table(
    name="areas",
    one_row_per="area",
    key=("area",),
    open_ended=True,
    columns=(
        text("area", "area code", required=True),
        text("name", "what it is called in packs"),
        text("kind", "practice, locality, cluster, icb ...", required=True),
        text("parent", "code of the area it is part of; empty at the top"),
        number("population", "registered or resident people", "people", minimum=0),
    ),
)

PLAN = Table(
    name="plan",
    one_row_per="line of the plan",
    key=("plan_line",),
    columns=(
        text("plan_line", "what the line is called", required=True),
        text("parent", "line it is part of; empty at the top"),
        number("target_gbp", "published target; a re-investment is negative", "£"),
    ),
)

BOUNDARIES = Table(
    name="boundaries",
    one_row_per="area",
    key=("area",),
    columns=(
        text("area", "area code, as in the areas table", required=True),
        text("geometry", "outline as GeoJSON, in degrees or in metres", required=True),
    ),
)

ASSUMPTIONS = Table(
    name="assumptions",
    one_row_per="indicator with a price, low being good",
    key=("indicator",),
    columns=(
        text("indicator", "indicator code", required=True),
        text(
            "point_of_delivery", "key of a point of delivery of the finance settings, for example outpatient"
        ),
        text("scheme", "scheme that the saving is part of; programme and point of delivery where not given"),
        number("marginal_rate", "share of the price paid at the margin; the point of delivery's where empty"),
    ),
)

SCHEMES = Table(
    name="schemes",
    one_row_per="scheme",
    key=("scheme",),
    columns=(
        text("scheme", "what the scheme is called", required=True),
        number("start_year", "year in which it starts, 0 to 4", minimum=0),
        number("months", "months in effect in that year, 0 to 12", minimum=0),
        text("phasing", "name of a phasing of the finance settings"),
        text("recurrent", "no: it saves once, in its first year", choices=("yes", "no")),
        number("addressable", "share that clinicians have signed off, 0 to 1"),
        number("deliverable", "share expected to be delivered, 0 to 1"),
        number("recurrent_cost_gbp", "what it costs a year once it runs", "£", minimum=0),
        number("one_off_gbp", "what it costs once, beside the usual share", "£", minimum=0),
        text("signed_off_by", "who has signed it off"),
        text("signed_off_on", "when"),
    ),
)

OVERLAPS = Table(
    name="overlaps",
    one_row_per="pair of indicators",
    key=("indicator", "other"),
    columns=(
        text("indicator", "indicator code", required=True),
        text("other", "code of an indicator that counts some of the same events", required=True),
        number("share", "share of the first one's events that the other counts too, 0 to 1", minimum=0),
    ),
)
SUPPRESSED = flag("suppressed", "withheld by the disclosure policy, so that what is missing is not unknown")

COMPARISON = Table(
    name="comparison",
    one_row_per="indicator, period and area",
    key=("indicator", "period", "area"),
    columns=(
        text("indicator", "indicator code"),
        text("period", "period"),
        text("area", "area code"),
        text("kind", "kind of area; areas are compared within their kind"),
        number(
            "numerator",
            "events, people or £ counted; a parent's is the sum over its children",
            adds_up="counts",
        ),
        number("denominator", "people, or whatever the numerator is out of", adds_up="counts"),
        number(
            "expected",
            "events expected from age and sex, for indirectly standardised indicators",
            adds_up="estimates",
        ),
        number("value", "rate, proportion, ratio, mean or spend a head", "indicator's unit"),
        *_limits("", "limit of the value", "indicator's unit"),
        text("comparator", "what the area is held against, for example peer_mean"),
        number("comparator_value", "value of the comparator", "indicator's unit"),
        number("difference", "value - comparator_value", "indicator's unit"),
        number("difference_lower_95", "lower 95 % limit of the difference", "indicator's unit"),
        number("difference_upper_95", "upper 95 % limit of the difference", "indicator's unit"),
        text(
            "significance",
            "calibrated rule at 95 %: uncertainty of area and peers both",
            choices=SIGNIFICANCES,
        ),
        text("significance_998", "calibrated rule at 99.8 %", choices=SIGNIFICANCES),
        number("z", "difference in standard errors of the difference"),
        number("best_5_value", "simple mean of the best five of ten peers", "indicator's unit"),
        text(
            "significance_rightcare",
            "rule as RightCare published it: own 95 % interval against best_5_value taken as fixed",
            choices=SIGNIFICANCES,
        ),
        number("funnel_target", "centre of the funnel: value over all areas of the kind", "indicator's unit"),
        *_limits("funnel_", "limit that chance alone gives an area of this size", "indicator's unit"),
        *_limits("funnel_adjusted_", "funnel limit widened for overdispersion", "indicator's unit"),
        number("percentile", "percentile among areas of the kind, 0 lowest to 100 highest"),
        whole("rank", "1 is the lowest value among areas of the kind"),
        number("reliability", "share of the variation between areas that is real, at this area's size"),
        whole("peers_used", "peers with a value"),
        SUPPRESSED,
    ),
)

VARIATION = Table(
    name="variation",
    one_row_per="indicator, period and kind of area",
    key=("indicator", "period", "kind"),
    columns=(
        text("indicator", "indicator code"),
        text("period", "period"),
        text("kind", "kind of area"),
        whole("areas", "areas with a value"),
        number(
            "extremal_quotient",
            "highest over lowest ratio of observed to expected; missing where an area has no events",
        ),
        number("extremal_quotient_chance", "the same if chance alone were at work"),
        number("cv", "coefficient of variation of the ratios"),
        number("weighted_cv", "the same weighted by expected events"),
        number("scv", "systematic component of variation x 100; negative means none"),
        number("scv_weighted", "the same weighted by expected events"),
        number("chi_square", "sum of (O - E)^2 / E"),
        number("p_value", "chance of a chi-square so large if all areas were alike"),
        number("i_squared", "share of chi-square beyond chance"),
        number("phi", "overdispersion of the funnel: mean squared z-score"),
        number("tau", "standard deviation between areas beyond chance, on the funnel's scale"),
        number("median_rate_ratio", "median ratio between two areas drawn at random, beyond chance"),
        number("gini", "inequality of events over expected events, 0 even to 1"),
        number("share_chance", "share of the observed variance that is chance"),
        number("share_case_mix", "share that the case mix explains"),
        number("share_unwarranted", "share that is left"),
        whole("flags", "areas flagged in the bad direction by the calibrated rule at 95 %"),
        number("flags_expected_by_chance", "flags that chance alone would give"),
        whole("flags_rightcare", "areas flagged in the bad direction by the RightCare rule"),
    ),
)

PEERS = Table(
    name="peers",
    one_row_per="area and peer",
    key=("area", "peer"),
    columns=(
        text("area", "area code"),
        whole("rank", "1 is the most similar"),
        text("peer", "area code of the peer"),
        number("distance", "weighted sum of squared differences of z-scores"),
        flag("reciprocal", "the area is also among the peer's peers"),
    ),
)

PEER_FIT = Table(
    name="peer_fit",
    one_row_per="area",
    key=("area",),
    columns=(
        text("area", "area code"),
        number(
            "fit", "mean distance to its peers as a percentile of all pairs; lower is closer", "percentile"
        ),
        whole("kept_under_equal_weights", "peers that stay when all weights are equal"),
        whole("kept_worst_drop", "peers that stay when the most telling variable is left out"),
    ),
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
            for mode, comparator in (
                ("credible", "peer_mean"),
                ("credible", "best_5"),
                ("rightcare", "best_5"),
                ("gross", "peer_mean"),
                ("gross", "best_5"),
            )
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

TREND = Table(
    name="trend",
    one_row_per="indicator and area with at least two periods",
    key=("indicator", "area"),
    columns=(
        text("indicator", "indicator code"),
        text("area", "area code"),
        text("kind", "kind of area"),
        text("first_period", "first period of the series"),
        text("last_period", "latest period of the series"),
        whole("periods", "periods with a value"),
        text("recent_trend", "Fingertips trend marker over the last five periods, and whether that is good"),
        number("trend_chi_square", "chi-square for trend; beyond 9.55 is a trend at 99.8 %"),
        text("published_trend", "the recent trend that the source published for the latest period"),
        number("process_mean", "mean of the area's own series (XmR)", "indicator's unit"),
        number("process_lower", "lower limit of the area's own process", "indicator's unit"),
        number("process_upper", "upper limit of the area's own process", "indicator's unit"),
        flag("trial_limits", "the limits rest on fewer than 13 periods"),
        text("special_cause", "rules that the latest period breaks; none where it breaks none"),
        text("period_before", "period before the latest"),
        number("value_before", "value of the period before", "indicator's unit"),
        number("change", "latest period less the one before", "indicator's unit"),
        number("change_lower_95", "lower 95 % limit of the change", "indicator's unit"),
        number("change_upper_95", "upper 95 % limit of the change", "indicator's unit"),
        text(
            "change_significance",
            "change beyond chance at 95 %: uncertainty of both periods",
            choices=SIGNIFICANCES,
        ),
        number(
            "regression_to_mean",
            "part of it that chance in the first figure foretells",
            "indicator's unit",
        ),
        number("trend_of_all", "part that all areas of the kind share", "indicator's unit"),
        number("excess", "the rest: what may be the area's own", "indicator's unit"),
        number("excess_lower_95", "lower 95 % limit of the excess", "indicator's unit"),
        number("excess_upper_95", "upper 95 % limit of the excess", "indicator's unit"),
        SUPPRESSED,
    ),
)

INEQUALITY = Table(
    name="inequality",
    one_row_per="indicator and period, over areas of its finest kind",
    key=("indicator", "period"),
    columns=(
        text("indicator", "indicator code"),
        text("period", "period"),
        text("kind", "kind of area"),
        number("most_deprived", "value of the most deprived fifth", "indicator's unit"),
        number("least_deprived", "value of the least deprived fifth", "indicator's unit"),
        number("sii", "slope index: least deprived person less most deprived", "indicator's unit"),
        number("sii_lower_95", "lower 95 % limit of the slope index", "indicator's unit"),
        number("sii_upper_95", "upper 95 % limit of the slope index", "indicator's unit"),
        number("rii", "relative index: least deprived over most deprived"),
        number(
            "gradient", "most deprived area less least deprived, by regression over areas", "indicator's unit"
        ),
        number("gradient_lower_95", "lower 95 % limit of the gradient", "indicator's unit"),
        number("gradient_upper_95", "upper 95 % limit of the gradient", "indicator's unit"),
    ),
)

LIFE_EXPECTANCY = Table(
    name="life_expectancy",
    one_row_per="sex, area (or deprivation fifth, or the gap) and age",
    key=("sex", "area", "age"),
    columns=(
        text("sex", "sex"),
        text("area", "area code, deprivation fifth, or gap"),
        text("kind", "kind of area; deprivation for fifths and their gap"),
        text("period", "periods pooled"),
        whole("age", "years of age from which life is expected: 0 is at birth"),
        number("value", "further years of life; none below 5,001 people", "years"),
        number("lower_95", "lower 95 % limit", "years"),
        number("upper_95", "upper 95 % limit", "years"),
    ),
)

COMPLETENESS = Table(
    name="completeness",
    one_row_per="indicator and period",
    key=("indicator", "period"),
    columns=(
        text("indicator", "indicator code"),
        text("period", "period"),
        text("kind", "finest kind of area that it is given for"),
        whole("areas", "areas of that kind on the map"),
        whole(
            "open", "areas open then: with a row of any indicator in the period, or both before and after it"
        ),
        whole("given", "areas with a figure"),
        whole("without_count", "areas with a row and no count: withheld, empty or set aside"),
        whole("without_row", "open areas without a row"),
        number("share", "given out of open"),
    ),
)

FINDINGS = Table(
    name="findings",
    one_row_per="finding",
    columns=(
        text("severity", "error stops the run; warning and note do not", choices=SEVERITIES),
        text("code", "short name of the check"),
        text("table", "table or file"),
        text("sheet", "sheet of a workbook, where the settings name one"),
        whole("row", "line in the file, the heading being line 1; empty for the whole table"),
        text("column", "column"),
        text("value", "what was found"),
        text("message", "what is wrong"),
        text("hint", "what to do"),
    ),
)

INPUTS = (INDICATORS, CATALOGUE, AREAS, PLAN, ASSUMPTIONS, SCHEMES, OVERLAPS)
OUTPUTS = (
    COMPARISON,
    VARIATION,
    PEERS,
    PEER_FIT,
    OPPORTUNITY,
    TOTALS,
    LEDGER,
    SAVINGS,
    CHAIN,
    SCHEME_SAVINGS,
    TREND,
    INEQUALITY,
    LIFE_EXPECTANCY,
    COMPLETENESS,
    FINDINGS,
)
