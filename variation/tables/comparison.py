"""The tables of a comparison: values and peers, how much areas vary, what changes over time, inequality."""

from variation.tables.columns import Table, flag, limits, number, text, whole

SIGNIFICANCES = ("better", "similar", "worse", "higher", "lower", "not tested")
# What disclosure control has emptied, in whichever table.
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
        *limits("", "limit of the value", "indicator's unit"),
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
        *limits("funnel_", "limit that chance alone gives an area of this size", "indicator's unit"),
        *limits("funnel_adjusted_", "funnel limit widened for overdispersion", "indicator's unit"),
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
