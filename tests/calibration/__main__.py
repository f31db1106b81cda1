"""Measure and write the calibration page: ``python -m tests.calibration --out docs/calibration.md``."""

import argparse
import sys
from pathlib import Path

from tests.calibration.report import FULL, QUICK, measure, write


def main() -> None:
    """Parse, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m tests.calibration", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a few years of each, for a look (half a minute)"
    )
    parser.add_argument("--out", type=Path, help="file to write; printed without it")
    chosen = parser.parse_args()
    size = QUICK if chosen.quick else FULL
    found = measure(size, say=lambda line: print(line, file=sys.stderr, flush=True))
    command = " ".join(["python -m tests.calibration", *sys.argv[1:]])
    page = write(found, size, command)
    if chosen.out is None:
        print(page)
    else:
        chosen.out.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
