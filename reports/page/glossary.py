"""Words of the page that a reader may not know."""

from reports.shorthand import SHORTHAND

TERMS = (
    ("Best five of ten", "The simple mean of the five best values among the ten most similar areas."),
    (
        "Calibrated",
        "A comparison that counts the uncertainty of the area and of its peers, so that about 2.5% of"
        " areas are flagged in one direction where nothing but chance is at work.",
    ),
    ("Chance floor", "What the same rule would claim in £ if all areas were alike and only chance differed."),
    (
        "Credible",
        "Opportunity over many joint draws of what each area's true rate may be, counted where the area"
        " lies on the wrong side of its peers with a probability over 80%.",
    ),
    ("Expected by chance", "Number of flags that the rule would raise if all areas were alike."),
    (
        "Funnel limits",
        "Range in which chance alone would leave 95% or 99.8% of areas of that size. The wider pair"
        " also allows for differences between all areas that nothing here explains (overdispersion).",
    ),
    (
        "Gross",
        "Before overlap, clinical sign-off, contract terms, confidence in delivery and phasing are counted.",
    ),
    (
        "Investment need",
        "What it would cost to close a gap of under-use: too little detection or treatment. Never"
        " netted off.",
    ),
    (
        "Local interpretation",
        "Neither direction is good in itself: shown as higher or lower, without an opportunity.",
    ),
    (
        "Gradient",
        "The figure of the most deprived area less that of the least deprived, by regression over all areas"
        " ranked by deprivation and weighted by their people.",
    ),
    ("Peers", "The areas most similar in population, age, deprivation and rurality; see Peers for the fit."),
    (
        "RightCare's published rule",
        "The area's own 95% interval against the best five of ten taken as fixed. By chance alone it"
        " flags 12% to 13% of areas.",
    ),
    (
        "Recent trend",
        "A rise or fall over the last five periods that chance would give 1 time in 500 (as Fingertips marks it).",
    ),
    (
        "Reliability",
        "Share of the variation between areas that is real, at the area's size: from 0 to 1.",
    ),
    (
        "Special cause",
        "A latest figure outside what the area's own series varies by, or a run of figures on one side (XmR).",
    ),
    (
        "Variation for inquiry",
        "A difference to ask about. It may be warranted by the people served; it is no verdict on their"
        " care.",
    ),
    ("80% interval", "Holds the true figure with a probability of 80%, given the data and the model."),
    (" ".join(SHORTHAND), "; ".join(SHORTHAND.values()).capitalize() + "."),
)
