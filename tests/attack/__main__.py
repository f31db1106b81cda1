"""Attack everything and write what was measured: ``python -m tests.attack --out docs/disclosure.md``."""

import argparse
import sys
from pathlib import Path

from tests.attack.measure import measure, put_into, speed, whole_packs, written


def main() -> None:
    """Parse, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.add_argument("--trees", type=int, default=500, help="random trees of each kind (500)")
    parser.add_argument(
        "--out", type=Path, help="page whose measured part is written anew; printed without it"
    )
    chosen = parser.parse_args()

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    found, packs, fast = measure(chosen.trees, say), whole_packs(say), speed(say)
    text = written(found, packs, fast, " ".join(["python -m tests.attack", *sys.argv[1:]]))
    if chosen.out is None:
        print(text)
    else:
        put_into(chosen.out, text)


if __name__ == "__main__":
    main()
