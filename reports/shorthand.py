"""What stands in place of a figure, in every table of a pack: government shorthand, never an empty cell."""

SUPPRESSED, NOT_AVAILABLE, NOT_APPLICABLE, LOW = "[c]", "[x]", "[z]", "[low]"
SHORTHAND = {
    SUPPRESSED: "suppressed, to protect people who could be recognised",
    NOT_AVAILABLE: "not available",
    NOT_APPLICABLE: "not applicable",
    LOW: "not 0, but rounds to 0",
}
