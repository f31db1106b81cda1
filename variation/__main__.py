"""Run the command line as ``python -m variation``."""

from variation.cli import main

main()
