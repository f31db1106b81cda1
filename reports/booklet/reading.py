"""How to read the booklet: what a reader needs before the first figure."""

READING = (
    (
        "What this is",
        "Figures of areas held against the areas most like them. A difference is variation for inquiry: a reason to"
        " ask. It may be warranted by the people served, and it is no verdict on their care.",
    ),
    (
        "How sure we are",
        "Beyond chance: the difference is larger than the uncertainty of the area and of its peers together leaves"
        " room for. Wherever flags are counted, the number that chance alone would raise stands beside them.",
    ),
    (
        "What it may be worth",
        "The credible opportunity is what would change if areas stood where their peers stand, counted only where"
        " they are on the wrong side of them with a probability over 80%. Its 80% interval holds the true figure"
        " four times in five. The chance floor is what the same rule would claim if all areas were alike.",
    ),
    (
        "What the marks mean",
        "A filled mark differs from its peers beyond chance: a square on the side to ask about, a dot on the good"
        " side, a triangle where neither side is better. A hollow one does not; a small hollow one was not tested:"
        " too few people were counted to tell.",
    ),
    (
        "How to read a funnel",
        "Each dot is an area, larger areas to the right. Between the inner lines lie the areas that chance and"
        " ordinary differences explain. Only those outside are named.",
    ),
    (
        "How to read a caterpillar",
        "Each area stands at its value, the lowest at the left, with the range that its figure is sure to within 95%;"
        " the dash is the mean of its peers.",
    ),
    (
        "How to read a pathway",
        "A programme from risk to outcome and spend: each mark is a locality, left of the line lower than its peers,"
        " right of it higher. Numbers at the right count those that stand apart.",
    ),
    (
        "How to read a spine",
        "The average runs down the centre; what is better lies to the right, whichever direction is good. Marks that"
        " are filled differ from the peers beyond chance.",
    ),
)
