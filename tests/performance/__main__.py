"""Measure and write the page of speed: ``python -m tests.performance --out docs/performance.md``."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.performance.lines import LINES, ROOT, Pair, quiet
from tests.performance.measure import forget_peak, interleaved, load, peak_megabytes
from tests.performance.report import page


def measured(pair: Pair, repeats: int, *, beside: bool) -> dict[str, Any]:
    """Measure a pair in this process; an error where the two do not give the same numbers."""
    works = [pair.ours] if pair.peer is None or not beside else [pair.ours, pair.peer]
    (ours, answer), *others = interleaved(*works, repeats=repeats)
    found: dict[str, Any] = {
        "rows": pair.rows,
        "ours": ours.as_dict(),
        "peak": peak_megabytes(),
        "load": load(),
    }
    for peer, theirs in others:
        pair.same(answer, theirs)
        found |= {"peer": peer.as_dict(), "peer_rows": pair.peer_rows}
    return found


def apart(name: str, size: int, repeats: int, *, beside: bool) -> dict[str, Any]:
    """Measure in a process of its own, whose peak of memory is this line's."""
    arguments = [sys.executable, "-m", "tests.performance", "--line", name, "--size", str(size)]
    arguments += ["--repeats", str(repeats), *(["--beside"] if beside else [])]
    ended = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True)
    if ended.returncode:
        raise SystemExit(f"{name} at {size}:\n{ended.stderr}")
    return json.loads(ended.stdout.splitlines()[-1])


def main() -> None:
    """Parse; measure one line, or all of them and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.performance", description=__doc__)
    parser.add_argument("--only", nargs="*", choices=LINES, help="some lines; all without it")
    parser.add_argument("--largest", action="store_true", help="full size only: no growth")
    parser.add_argument(
        "--kept", type=Path, help="JSON file of what is measured: a second run goes on from it"
    )
    parser.add_argument("--out", type=Path, help="file to write; printed without it")
    parser.add_argument("--line", choices=LINES, help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--repeats", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--beside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.line:
        quiet()
        pair = LINES[chosen.line].make(chosen.size)
        forget_peak()
        print(json.dumps({"size": chosen.size} | measured(pair, chosen.repeats, beside=chosen.beside)))
        return
    found: dict[str, list[dict[str, Any]]] = {}
    if chosen.kept and chosen.kept.exists():
        found = json.loads(chosen.kept.read_text(encoding="utf-8"))
    for name in [name for name in chosen.only or LINES if name not in found]:
        line = LINES[name]
        for place, size in enumerate(line.sizes[:1] if chosen.largest else line.sizes):
            one = apart(name, size, line.repeats if place == 0 else 1, beside=place == 0)
            found.setdefault(name, []).append(one)
            print(f"{name} {size:,}: {one['ours']['wall']:.2f} s, {one['peak']:,.0f} MB", file=sys.stderr)
        if chosen.kept:
            chosen.kept.write_text(json.dumps(found), encoding="utf-8")
    # What is kept is measured by the same command in several sittings.
    command = " ".join(["python -m tests.performance", *(["--out", str(chosen.out)] if chosen.out else [])])
    text = page({name: found[name] for name in LINES if name in found}, command, f"{os.cpu_count()} cores")
    if chosen.out is None:
        print(text)
    else:
        chosen.out.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
