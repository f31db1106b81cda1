"""The page of the speed suite: each line with its ratio, rows a second, memory and growth."""

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tests.performance.lines import LINES
from tests.performance.measure import exponent

LIBRARIES = ("numpy", "scipy", "pandas", "pyarrow", "PHStatsMethods")

INTRODUCTION = """# Speed

    {command}

wrote this page: every line in a process of its own, ours and what it is held against in turn, the least of several
runs. Both sides give the same numbers, or the run fails. Seconds are by the clock; **processor** seconds are those of
all threads at work, which say more where a machine is shared. A ratio compares seconds a row. Growth is the exponent
of size over five sizes: 1 is in proportion to rows.

Machine: {machine}; {load} processes wanted a processor meanwhile (this suite itself one or two). {libraries}.
"""


def page(found: dict[str, list[dict[str, Any]]], command: str, machine: str) -> str:
    """Lay out what was measured; ``found`` has each line's measurements, the full size first."""
    rows = [_row(name, measured) for name, measured in found.items()]
    head = (
        "| work | size | seconds | processor | budget | rows a second | against | ratio | peak memory | growth:"
        " time, memory |"
    )
    table = "\n".join([head, "|---" * 10 + "|", *rows])
    bounds = "\n".join(
        f"- **{LINES[name].title}**: {LINES[name].bound}." for name in found if LINES[name].bound
    )
    busy = [one["load"] for measured in found.values() for one in measured if "load" in one]
    load = f"{min(busy):.0f} to {max(busy):.0f}" if busy else "an unknown number of"
    words = INTRODUCTION.format(command=command, machine=machine, load=load, libraries=_libraries())
    return f"{words}\n{table}\n\n## What bounds each line\n\n{bounds}\n"


def _row(name: str, measured: list[dict[str, Any]]) -> str:
    line, full = LINES[name], measured[0]
    ratio = _times(ratio_of(full)) if full.get("peer") and full["rows"] > 1 else _difference(full)
    return (
        f"| {line.title} | {full['rows']:,} {line.unit} | {_seconds(full['ours']['wall'])}"
        f" | {_seconds(full['ours']['processor'])} | {line.budget or '-'}"
        f" | {_rate(full)} | {line.against or '-'} | {ratio} | {full['peak']:,.0f} MB | {_growth(measured)} |"
    )


def ratio_of(one: dict[str, Any]) -> float:
    """How many times as long the peer takes for a row; in processor seconds, where both use them."""
    ours, peer = one["ours"]["processor"] / one["rows"], one["peer"]["processor"] / one["peer_rows"]
    return peer / ours


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2f}"


def _difference(one: dict[str, Any]) -> str:
    if not one.get("peer"):
        return "-"
    return f"{one['ours']['wall'] - one['peer']['wall']:.2f} s more"


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f}" if seconds < 10 else f"{seconds:.0f}"


def _rate(one: dict[str, Any]) -> str:
    return f"{one['rows'] / one['ours']['wall']:,.0f}" if one["rows"] > 1 else "-"


def _growth(measured: list[dict[str, Any]]) -> str:
    if len(measured) < 3:
        return "-"
    rows = [one["rows"] for one in measured]
    sizes = rows if len(set(rows)) == len(rows) else [one["size"] for one in measured]
    time = exponent(sizes, [one["ours"]["processor"] for one in measured])
    memory = exponent(sizes, [one["peak"] for one in measured])
    return f"{time:.2f}, {memory:.2f}"


def _libraries() -> str:
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return f"Python {platform.python_version()}, " + ", ".join(found)
