"""The columns of a Fingertips download: our name, their heading, and which of our tables needs which."""

TEXTS = {
    "indicator": "Indicator ID",
    "indicator_name": "Indicator Name",
    "area": "Area Code",
    "area_name": "Area Name",
    "area_type": "Area Type",
    "parent": "Parent Code",
    "sex": "Sex",
    "age": "Age",
    "category_type": "Category Type",
    "category": "Category",
    "period": "Time period",
    "sortable": "Time period Sortable",
    "value_note": "Value note",
    "compared": "Compared to England value or percentiles",
    "published_trend": "Recent Trend",
}
NUMBERS = {
    "numerator": "Count",
    "denominator": "Denominator",
    "value": "Value",
    "lower_95": "Lower CI 95.0 limit",
    "upper_95": "Upper CI 95.0 limit",
}
NEEDED = ("Indicator Name", "Area Code", "Area Name", "Area Type", "Time period", "Value")

# What each of our tables is made from; the rest of a large file is not read.
USED = {
    "indicators": {*TEXTS, *NUMBERS} - {"area_name", "parent", "compared"},
    "features": {*TEXTS, "value"} - {"area_name", "parent", "compared", "published_trend"},
    "areas": {"area", "area_name", "area_type", "parent", "category_type", "category", "period", "sortable"},
    "catalogue": {*TEXTS, *NUMBERS} - {"area_name", "parent", "published_trend"},
}

# Beginnings of area types: what we call such areas. Others keep the name that Fingertips gives them.
KINDS = {
    "GP": "practice",
    "PCN": "pcn",
    "CCG": "ccg",
    "ICB sub": "sub_icb",
    "Sub-ICB": "sub_icb",
    "ICB": "icb",
    "STP": "stp",
    "England": "england",
}
