"""Run the command line: as ``python -m variation``, and as the installed program."""

import sys


def start() -> None:
    """Run the command line; an interruption while it is still being loaded is one like any other."""
    try:
        from variation.cli.main import main

        main()
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted; the last good pack is as it was\n")
        sys.exit(130)


if __name__ == "__main__":  # a process that draws pictures imports this file too
    start()
