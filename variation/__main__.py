"""Run the command line as ``python -m variation``."""

from variation.cli import main

if __name__ == "__main__":  # a process that draws pictures imports this file too
    main()
