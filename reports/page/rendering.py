"""Templates to text: one engine and one frame for every page that a pack holds."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import words
from reports.contents import Contents
from reports.page.markup import clean, policy


def render(template: str, contents: Contents, *, style: str, script: str = "", **values: Any) -> str:
    """Return a page as text: ``template`` by its path in this package, and what it names beside the contents.

    The page's policy lets this style and script run and nothing else: both are our own text, never data.
    """
    return (
        _environment()
        .get_template(template)
        .render(
            contents=contents,
            policy=Markup(policy(style=style, script=script)),  # hashes and quotes only
            style=Markup(style),
            script=Markup(script),
            made=words.date_in_full(contents.made),
            **values,
        )
    )


@cache
def _environment() -> Environment:
    """Return the template engine: everything is escaped, and a name that is missing is an error."""
    return Environment(
        loader=PackageLoader("reports", "."),
        autoescape=True,
        finalize=lambda value: clean(value) if type(value) is str else value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
