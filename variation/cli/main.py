"""The command line: its commands, and what is said where one cannot go on."""

from typing import Any

import click

# Every module of this package imports what is heavy only inside a command that needs it: help must come at once.
from variation.cli import look, run, start
from variation.cli.terminal import count_of, show_findings
from variation.errors import InputError, VariationError, visible
from variation.version import VERSION


class Commands(click.Group):
    """The commands, with what a user can mend printed in words: no traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; give 1 for what the user can mend, 130 for an interruption."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            show_findings(error.findings)
            click.echo(f"Error: {count_of(error.findings)}; nothing was written", err=True)
            ctx.exit(error.exit_code)
        except VariationError as error:
            click.echo("\n".join(map(visible, f"Error: {error}".split("\n"))), err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("Interrupted; the last good pack is as it was", err=True)
            ctx.exit(130)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION)
def main() -> None:
    """Find unwarranted variation between areas, size the opportunity, write the pack.

    \b
    Start with the built-in example:
      variation demo --out demo-pack
    """


for command in (
    run.demo, run.run, run.verify, start.example, start.template, start.init,
    look.check, look.peers, look.opportunity, look.methods,
):  # fmt: skip
    main.add_command(command)
