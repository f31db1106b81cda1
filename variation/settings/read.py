"""Reading ``analysis.toml``: what cannot be used said in words, every wrong key at once."""

import difflib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from variation.errors import SettingsError
from variation.settings.model import Settings, known_keys


def read_settings(path: Path) -> Settings:
    """Read and validate ``analysis.toml``.

    Raises
    ------
    SettingsError
        Naming the file and every key that is unknown (with the nearest known one), missing or wrong.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(
            f"{path}: no such file\n  hint: `variation example DIR` writes an analysis.toml to start from"
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read as TOML: {error}{_remedy(path, error)}") from None
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        lines = [_in_words(problem, content) for problem in error.errors()]
        raise SettingsError("\n".join(f"{path}: {line}" for line in lines)) from None


def _remedy(path: Path, error: Exception) -> str:
    """Say what may be done about a file that is no TOML."""
    if isinstance(error, UnicodeDecodeError):
        return "\n  hint: save it as UTF-8"
    if isinstance(error, PermissionError):
        return "\n  hint: is it closed to this user?"
    if isinstance(error, tomllib.TOMLDecodeError) and "\\" in path.read_text(encoding="utf-8-sig"):
        return "\n  hint: in a path write / in place of \\"
    return '\n  hint: texts stand in quotes, and a key stands once: title = "Our area"'


# What was expected, by the kind of problem that pydantic reports.
EXPECTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "a table of settings",
    "model_type": "a table of settings",
    "date_type": "a date such as 2017-03-31",
    "date_parsing": "a date such as 2017-03-31",
    "date_from_datetime_parsing": "a date such as 2017-03-31",
    "literal_error": "{expected}",
    "greater_than_equal": "{ge} or more",
    "greater_than": "more than {gt}",
    "less_than": "less than {lt}",
    "string_too_short": "{min_length} character",
    "string_too_long": "{max_length} character",
    "too_short": "at least {min_length}",
}


def _in_words(problem: Any, content: dict[str, Any]) -> str:
    """Say one problem of the settings: the key, what was found, what was expected, the nearest known key."""
    place = [str(part) for part in problem["loc"]]
    key = _key(problem["loc"], content)
    if problem["type"] == "extra_forbidden":
        known = known_keys(place[:-1])
        near = difflib.get_close_matches(place[-1], known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
        return f"unknown key {key}\n  hint: {hint}"
    if problem["type"] == "missing":
        return f"missing key {key}"
    words = EXPECTED.get(problem["type"])
    said = problem["msg"].removeprefix("Value error, ")
    expected = f"expected {words.format(**problem.get('ctx', {}))}" if words else said[0].lower() + said[1:]
    return f"{key}: {expected}{_found(place[-1], problem['input'])}"


def _found(key: str, value: object) -> str:
    """Repeat what was found; not a url, nor what holds or looks like one: nobody should read a secret here."""
    secret = key == "url" or "://" in repr(value) or (isinstance(value, dict) and "url" in value)
    whole = key.isdigit() and isinstance(value, dict)  # all the settings of a table
    return "" if secret or whole else f" (found: {value!r})"


def _key(place: tuple[str | int, ...], content: Any) -> str:
    """Write the place of a problem as its file has it: the number of a table only where there are several.

    >>> _key(("tables", "areas", 0, "file"), {"tables": {"areas": {"file": 5}}})
    'tables.areas.file'
    >>> _key(("tables", "areas", 1, "file"), {"tables": {"areas": [{}, {"file": 5}]}})
    'tables.areas (number 2).file'
    """
    key = ""
    for part in place:
        if isinstance(part, str):
            key += f".{part}" if key else part
            content = content.get(part) if isinstance(content, dict) else None
        elif isinstance(content, list):
            key += f" (number {part + 1})"
            content = content[part] if part < len(content) else None
    return key
