"""The settings as a commented file: every key of the model with its meaning and its default."""

import textwrap
import types
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin

import tomlkit
from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from variation.errors import visible
from variation.settings import Settings
from variation.settings.section import Section
from variation.settings.table_source import TableSource

WIDTH = 108  # characters of a line, so that it is read without scrolling

READ_ME = (
    'A line that begins with "# " explains. One that begins with # and a name is a setting as it stands when it is'
    " left out: take its # away to change it, and that of the [heading] above it where there is one. Every key is"
    " checked; an unknown one is an error that names the nearest."
)

# What an empty setting may look like. Where a key has no entry, one is made up from its type and limits.
EXAMPLES: dict[str, object] = {
    "tables.folder": "//server/share/returns",
    "tables.member": "*.csv",
    "tables.sheet": "Sheet1",
    "tables.rows": [{"area": "A1", "name": "North"}],
    "tables.url": "postgresql+psycopg://${DB_USER}:${DB_PASSWORD}@server/warehouse",
    "tables.query": "admissions.sql",
    "tables.table": "gp.admissions",
    "tables.missing": ["-", 999],
    "tables.suppressed": ["S"],
    "tables.thousands": ",",
    "tables.percent": "value",
    "tables.period": "financial_year",
    "tables.filter": {"CCG_ODS_CODE": "11J"},
    "tables.drop": {"Practice": ["Total", "England"]},
    "tables.columns": {"area": "PRACTICE_CODE"},
    "tables.values": {"period": "2016/17"},
    "tables.stem": "payments_{period}",
    "tables.scale": {"denominator": 1000},
    "tables.latest_months": 12,
    "tables.across": ["{indicator} | {measure}"],
    "tables.measures": {"numerator": "Register", "denominator": "List size"},
    "tables.levels": {"practice": "PRACTICE_CODE", "pcn": "PCN_CODE"},
    "tables.level_names": {"practice": "PRACTICE_NAME", "pcn": "PCN_NAME"},
    "tables.area_types": ["CCG"],
    "tables.sex": "Persons",
    "tables.age": "All ages",
    "tables.category": "County & UA deprivation deciles in England",
    "peers.features": ["population", "imd"],
    "peers.category": ["imd", "rural"],
    "peers.not_peers": ["Y02500"],
    "peers.exclude": {"asthma": ["Y02500"]},
    "comparison.false_discovery_rate": 0.05,
    "opportunity.period": "2016/17",
    "opportunity.also": ["peer_median", "parent"],
    "periods.pool": {"suicide": 3},
    "periods.annualise": ["admissions"],
    "finance.plan_line_shown": "RightCare",
    "trend.rebase": {"asthma": ["2014/15"]},
    "made": date(2017, 3, 31),
    "focus": "11J",
    "attribution": "Contains public sector information licensed under the Open Government Licence v3.0",
}

# Keys of a source that stand in the place of its file, and so cannot be taken together with it.
NOT_WITH_FILE = ("rows", "url", "query", "table")

# Keys of a source that only a table of areas may have.
OF_AREAS = ("levels", "level_names")

# A kind of area, where the settings ask for one.
EXAMPLE_KIND = "practice"

Notes = Mapping[str, Sequence[str]]


def settings_text(live: Mapping[str, Any], *, opening: Sequence[str] = (), notes: Notes | None = None) -> str:
    """Write ``analysis.toml``: the settings that are given, every other one as a comment at its default.

    Parameters
    ----------
    live
        Settings to be written, nested as the file has them. A table may be a list of sources.
    opening
        Paragraphs on top of the file.
    notes
        Key with the keys above it (``tables.indicators.columns``) = remarks above its line.

    >>> text = settings_text({"title": "Ours", "tables": {"areas": {"file": "areas.csv"}}})
    >>> [line for line in text.splitlines() if line.startswith(("title", "[tables", "file", "#seed"))]
    ['title = "Ours"', '#seed = 20170331', '[tables.areas]', 'file = "areas.csv"']
    """
    lines = [line for paragraph in (*opening, READ_ME) for line in [*_prose(paragraph), ""]]
    lines += _section(Settings, live, (), notes or {})
    return "\n".join(lines).rstrip() + "\n"


def toml_value(value: object) -> str:
    """Write a value as TOML, on one line.

    >>> toml_value({"area": "PRACTICE CODE", "imd 2019": [1, 2.5]})
    '{ area = "PRACTICE CODE", "imd 2019" = [1, 2.5] }'
    """
    if isinstance(value, Mapping):
        pairs = ", ".join(
            f"{tomlkit.key(key).as_string()} = {toml_value(item)}" for key, item in value.items()
        )
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml_value(item) for item in value)}]"
    return str(tomlkit.item(value).as_string())


def _section(model: type[Section], live: Mapping[str, Any], path: tuple[str, ...], notes: Notes) -> list[str]:
    """Write the keys of a section, then the sections in it."""
    lines, below = [], []
    for name, field in model.model_fields.items():
        inner = _inner(field)
        given = live.get(name)
        if inner is None:
            lines += _key(field, name, given, path, notes)
        elif inner is TableSource:
            below += _table(field, given, (*path, name), notes)
        elif get_origin(field.annotation) is dict:
            below += _kinds(inner, field, given or {}, (*path, name), notes)
        else:
            below += [
                *_heading((*path, name), inner, field),
                *_section(inner, given or {}, (*path, name), notes),
            ]
    return lines + below


def _inner(field: FieldInfo) -> type[Section] | None:
    """Find the section that a key holds, or holds several of; None where it is a plain value."""
    found = [
        part for part in _parts(field.annotation) if isinstance(part, type) and issubclass(part, Section)
    ]
    return found[0] if found else None


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _heading(path: tuple[str, ...], model: type[Section], field: FieldInfo) -> list[str]:
    """Open a section, live as one without keys stands for its defaults; [tables] needs no heading of its own."""
    if all(_inner(inside) for inside in model.model_fields.values()):
        return []
    about = field.description or (model.__doc__ or "").strip().split("\n")[0]
    return ["", *_prose(about), f"[{_dotted(path)}]"]


def _kinds(
    model: type[Section], field: FieldInfo, live: Mapping[str, Any], path: tuple[str, ...], notes: Notes
) -> list[str]:
    """Write a section that stands once for each kind of something; where none is given, all of it is a comment.

    Every key is explained with the first kind, and the others have only what is theirs.
    """
    usual = field.get_default(call_default_factory=True) if not live else {}
    shown = live or {kind: section.model_dump(exclude_none=True) for kind, section in usual.items()}
    mark = "" if live else "#"
    lines = ["", *_prose(_meaning(field))]
    for place, (kind, given) in enumerate((shown or {EXAMPLE_KIND: {}}).items()):
        inside = (*path, kind)
        lines += [*([""] if place else []), *_said(notes, inside), f"{mark}[{_dotted(inside)}]"]
        for name, key in model.model_fields.items():
            if name in given:
                about = _prose(_meaning(key)) if place == 0 else []
                lines += [*about, *_said(notes, (*inside, name)), f"{mark}{name} = {toml_value(given[name])}"]
            elif place == 0:
                lines += _key(key, name, None, inside, notes)
    return lines


def _table(field: FieldInfo, given: Any, path: tuple[str, ...], notes: Notes) -> list[str]:
    """Write where a table is; the keys of a source are listed once, with the table that has the most."""
    about = ["", *_prose(f"{path[-1].capitalize()}: {field.description}")]
    if not given:
        return [*about, f"#[{_dotted(path)}]", f'#file = "{path[-1]}.csv"']
    sources = given if isinstance(given, list) else [given]
    lines = about
    explained: Sequence[str] = OF_AREAS if path[-1] == "areas" else ()
    if path[-1] == "indicators":
        explained = [name for name in TableSource.model_fields if name not in OF_AREAS]
    for place, source in enumerate(sources):
        head = f"[[{_dotted(path)}]]" if len(sources) > 1 else f"[{_dotted(path)}]"
        lines += [*([""] if place else []), *_said(notes, (*path, str(place))), head]
        lines += _source(source, path, notes, explained=explained if place == 0 else ())
    return lines


def _source(
    source: Mapping[str, Any], path: tuple[str, ...], notes: Notes, *, explained: Sequence[str]
) -> list[str]:
    """Write one source of a table; a mapping too long for a line has a heading of its own, after the keys."""
    lines, long = [], []
    for name, field in TableSource.model_fields.items():
        given = source.get(name)
        if isinstance(given, Mapping) and len(toml_value(given)) > WIDTH - len(name):
            pairs = [f"{tomlkit.key(key).as_string()} = {toml_value(item)}" for key, item in given.items()]
            long += [*_said(notes, (*path, name)), f"[{_dotted((*path, name))}]", *pairs]
        elif name in explained or given is not None:
            lines += _key(field, name, given, path, notes, explained=name in explained)
    return lines + long


def _key(
    field: FieldInfo,
    name: str,
    given: object,
    path: tuple[str, ...],
    notes: Notes,
    *,
    explained: bool = True,
) -> list[str]:
    about = [_meaning(field)] if explained else []
    remarks = _said(notes, (*path, name))
    if given is not None:
        return [*(line for part in about for line in _prose(part)), *remarks, *_live(name, given)]
    value, is_example = _default(field, name, path)
    if path[:1] == ("tables",) and name in NOT_WITH_FILE:
        return [
            line
            for part in about
            for line in _prose(f"{part}. In place of file: {name} = {toml_value(value)}")
        ]
    if is_example:
        about = [f"{part}. Not set; for example:" for part in about]
    return [*(line for part in about for line in _prose(part)), *remarks, f"#{name} = {toml_value(value)}"]


def _live(name: str, value: object) -> list[str]:
    """Write a setting; a list too long for a line on several."""
    line = f"{name} = {toml_value(value)}"
    if len(line) <= WIDTH or not isinstance(value, list | tuple):
        return [line]
    return [f"{name} = [", *(f"    {toml_value(item)}," for item in value), "]"]


def _meaning(field: FieldInfo) -> str:
    """Say what a key means, and what may stand there where only some words may."""
    said = field.description or ""
    if said.split(" ")[0].rstrip(",;:").isalpha():
        said = said[0].upper() + said[1:]
    parts = [part for part in _parts(field.annotation) if get_origin(part) is Literal]
    choices = [
        choice if choice.isidentifier() else f'"{choice}"' for part in parts for choice in get_args(part)
    ]
    told = len(choices) < 2 or all(choice in said for choice in choices)
    return said if told else f"{said} (one of {', '.join(choices)})"


def _default(field: FieldInfo, name: str, path: tuple[str, ...]) -> tuple[object, bool]:
    """Find the value shown for a key that is not given, and whether it is only an example of one."""
    default = field.get_default(call_default_factory=True) if not field.is_required() else None
    if default not in (None, "", (), {}, []):
        return default, False
    key = ".".join((*path[:1], name))
    if key in EXAMPLES:
        return EXAMPLES[key], True
    return (default, False) if default is not None else (_made_up(field), True)


def _made_up(field: FieldInfo) -> object:
    """Make up a value that a key without a default would take."""
    limits = {type(limit): getattr(limit, type(limit).__name__.lower()) for limit in field.metadata
              if isinstance(limit, Ge | Gt | Le | Lt)}  # fmt: skip
    low, high = limits.get(Ge, limits.get(Gt, 0)), limits.get(Le, limits.get(Lt))
    kinds = set(_parts(field.annotation)) - {Union, types.UnionType}
    if float in kinds:
        return (low + high) / 2 if high is not None else low + 1.0
    if int in kinds:
        return low + 1 if Gt in limits else max(low, 1)
    if date in kinds:
        return date(2017, 3, 31)
    if choices := [part for part in kinds if get_origin(part) is Literal]:
        return get_args(choices[0])[0]
    return True if bool in kinds else ""


def _dotted(path: Sequence[str]) -> str:
    """Write the heading of a section, its parts in quotes where they need them.

    >>> _dotted(("peers", "Districts & UAs"))
    'peers."Districts & UAs"'
    """
    return ".".join(tomlkit.key(part).as_string() for part in path)


def _said(notes: Notes, path: tuple[str, ...]) -> list[str]:
    return [line for remark in notes.get(".".join(path), ()) for line in _prose(remark)]


def _prose(words: str) -> list[str]:
    """Write words as comment lines.

    >>> _prose("two words")
    ['# two words']
    """
    return [f"# {line}" for part in words.splitlines() for line in textwrap.wrap(visible(part), WIDTH - 2)]
