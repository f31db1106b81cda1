"""The page's script, in parts that share one scope; they are read in this order."""

from pathlib import Path

PARTS = (
    "elements",  # making elements
    "words",  # figures as people read them
    "tables",  # sorting and filtering
    "download",  # a table as CSV
    "figures",  # what the page carries
    "state",  # what is chosen, and the address that says so
    "sentences",  # an area's figures in words
    "plot",  # scales, axes, marks, points that a keyboard reaches
    "funnel",
    "peers",
    "trend",
    "opportunity",
    "profile",
    "panels",  # charts and their tables on the page
    "explore",  # the controls
    "start",
)


def script() -> str:
    """Return all parts as one script, which leaves nothing behind in the window."""
    here = Path(__file__).parent
    lines = [
        line for name in PARTS for line in (here / f"{name}.js").read_text(encoding="utf-8").splitlines()
    ]
    # No text of ours runs over several lines, so that indentation is for the reader of the parts only.
    return "\n".join(['"use strict";', "(() => {", *(line.strip() for line in lines if line), "})();"])
