"""Settings that cannot be used: no TOML, keys that there are not, values that cannot be."""

from tests.corpus.case import Case, error, warning
from tests.corpus.files import folder, locked_settings, remove

TABLES = '[tables]\nindicators = "indicators.csv"\ncatalogue = "catalogue.csv"\nareas = "areas.csv"\n'
TITLE = 'title = "Tiny"\n'


def bad(name: str, toml: object, *says: str, exit_code: int = 1) -> Case:
    """Settings that give an error by themselves, before any table is read."""
    return Case(name=name, toml=toml, says=says, exit_code=exit_code)  # type: ignore[arg-type]


CASES = (
    bad("settings that are not there", remove, "no such file", "variation example DIR"),
    bad("a folder for the settings", folder, "is a directory", exit_code=2),
    bad("settings that this user may not read", locked_settings, "Permission denied"),
    bad("settings of 0 bytes", b" ", "missing key title", "missing key tables"),
    bad("settings that are no TOML", "title: Tiny\n", "cannot be read as TOML", "line 1"),
    bad("a title without quotes", "title = Tiny\n" + TABLES, "cannot be read as TOML", "line 1"),
    bad(
        "a quote of the settings that is never closed",
        'title = "Tiny\n' + TABLES,
        "cannot be read as TOML",
        "line 1",
    ),
    bad(
        "a path with the strokes of Windows",
        TITLE + TABLES.replace("areas.csv", "C:\\users\\areas.csv"),
        "cannot be read as TOML",
        "in a path write / in place of \\",
    ),
    bad(
        "settings in cp1252",
        'title = "Café"\n'.encode("cp1252") + TABLES.encode(),
        "cannot be read as TOML",
        "UTF-8",
    ),
    bad("settings in UTF-16", (TITLE + TABLES).encode("utf-16"), "cannot be read as TOML", "UTF-8"),
    bad("a key that stands twice", TITLE + TITLE + TABLES, "cannot be read as TOML"),
    bad("a NUL byte in the settings", TITLE.encode() + b"\0\n" + TABLES.encode(), "cannot be read as TOML"),
    bad("a key that is spelt wrong", TITLE + "sed = 5\n" + TABLES, "unknown key sed", "did you mean seed?"),
    bad(
        "a key that is like none", TITLE + "colour = 5\n" + TABLES, "unknown key colour", "known here: title"
    ),
    bad(
        "a key in the wrong section",
        TITLE + TABLES + "seed = 5\n",
        "unknown key tables.seed",
        "known here: indicators",
    ),
    bad(
        "a section that is spelt wrong",
        TITLE + TABLES + "[comparision]\n",
        "unknown key comparision",
        "did you mean comparison?",
    ),
    bad(
        "a key of a table that is spelt wrong",
        TITLE + TABLES.replace('"areas.csv"', '{ fiel = "areas.csv" }'),
        "unknown key tables.areas.fiel",
        "did you mean file?",
    ),
    bad(
        "a table that is missing",
        TITLE + TABLES.replace('areas = "areas.csv"\n', ""),
        "missing key tables.areas",
    ),
    bad("no title", TABLES, "missing key title"),
    bad("a number for the title", "title = 5\n" + TABLES, "title: expected text in quotes (found: 5)"),
    bad("a number for a file", TITLE + TABLES.replace('"areas.csv"', "5"), "tables.areas"),
    bad("a seed below nothing", TITLE + "seed = -1\n" + TABLES, "seed: expected 0 or more (found: -1)"),
    bad("a policy that there is not", TITLE + 'policy = "secret"\n' + TABLES, "policy: expected", "secret"),
    bad("a day that there is not", TITLE + "made = 2017-02-30\n" + TABLES, "line 2"),
    bad(
        "a reader that there is not",
        TITLE + TABLES.replace('"areas.csv"', '{ file = "areas.csv", reader = "tidi" }'),
        "tables.areas.reader: expected 'tidy', 'wide'",
    ),
    bad(
        "a separator of two characters",
        TITLE + TABLES.replace('"areas.csv"', '{ file = "areas.csv", separator = "||" }'),
        "tables.areas.separator: expected 1 character",
    ),
    bad(
        "a password in a url",
        TITLE + TABLES.replace('"areas.csv"', '{ url = "postgresql://me:tiger@server/db", table = "a" }'),
        "a password may not stand in this file",
        "${NAME}",
    ),
    bad(
        "peers by a way that there is not",
        TITLE + TABLES + '[peers.practice]\nmethod = "nearest"\n',
        "peers.practice.method: expected",
    ),
    bad(
        "weights that are all 0",
        TITLE + TABLES + "[peers.practice]\nweights = { imd = 0 }\n",
        "at least one weight above 0",
    ),
    bad(
        "five wrong keys, all named at once",
        "titel = 1\nsed = 1\n" + TABLES + "[trend]\nrun = 1\n[pack]\ntop = 1\n",
        "missing key title",
        "unknown key titel",
        "unknown key sed",
        "trend.run: expected 4 or more",
        "unknown key pack.top",
    ),
    Case(
        name="a focus that is no area",
        toml=TITLE + 'focus = "DORSET"\n' + TABLES,
        finds=(error("unknown_focus", "analysis.toml", None, "focus"),),
        says=("found: DORSET", "code of an area"),
    ),
    Case(
        name="peers of a kind that there is not",
        settings='[peers.practise]\nmethod = "everyone"\n',
        exit_code=0,
        finds=(warning("unknown_kind", "analysis.toml", None, "peers.practise"),),
        says=("did you mean practice?",),
    ),
    Case(
        name="peers by a column that there is not",
        settings='[peers.practice]\nfeatures = ["deprivation"]\n',
        finds=(error("peers", "analysis.toml", None, "peers.practice.features"),),
        says=("deprivation",),
    ),
    Case(
        name="peers from a list that is not given",
        settings='[peers.practice]\nmethod = "list"\n',
        finds=(error("peers", "analysis.toml", None, "peers.practice.method"),),
        says=("tables.peers",),
    ),
)
