"""The input tables: figures, what their indicators and areas are, the plan, and what finance assumes."""

from reports.catalogue import PATHWAY_STAGES
from variation.tables.columns import Table, number, text

KINDS = ("proportion", "rate", "ratio", "mean", "spend")
POLARITIES = ("low", "high", "local")
STANDARDISATIONS = ("none", "direct", "indirect")
CARE_CLASSES = ("effective", "preference", "supply")

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
        text("pathway_stage", "where on the pathway it lies", choices=tuple(PATHWAY_STAGES)),
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

FEATURES = Table(
    name="features",
    one_row_per="area",
    key=("area",),
    open_ended=True,
    columns=(text("area", "area code", required=True),),
)

LISTED_PEERS = Table(
    name="peers",
    one_row_per="area and peer",
    columns=(
        text("area", "area code", required=True),
        text("peer", "area code of a peer, most similar first", required=True),
    ),
)

SUCCESSORS = Table(
    name="successors",
    one_row_per="area that closed, merged or changed its code",
    columns=(
        text("area", "code of the area that is no more", required=True),
        text("successor", "code of the area that has its patients now", required=True),
        text(
            "date",
            "day from which that is so; while the areas table has the area, earlier periods stay with it",
        ),
        text("from", "first period, or day, that the row is for; empty: any"),
        text("to", "last period, or day, that the row is for; empty: any"),
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

# Those that are filled in by hand, and that the template has.
INPUTS = (INDICATORS, CATALOGUE, AREAS, PLAN, ASSUMPTIONS, SCHEMES, OVERLAPS)
