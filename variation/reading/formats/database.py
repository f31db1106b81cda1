"""SQL databases through SQLAlchemy: a query or a table; what the environment fills in is told to nobody."""

import os
import re
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from variation.reading.formats.columns import with_texts
from variation.reading.formats.part import Asked, Part, UnreadableError, not_too_many
from variation.settings.table_source import VARIABLE, TableSource

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

# Rows fetched at a time: what the server sends is not held twice.
FETCHED = 200_000

# What SQLAlchemy would take for a parameter.
COLON = re.compile(r"(?<![:\w\\]):(?=\w)")

# Letters of a part of a secret from which on it is taken out of messages: shorter ones are in any word.
TELLING = 4

INSTALL = "pip install 'variation[sql]' brings SQLAlchemy and the driver of PostgreSQL"


def read_database(source: TableSource, folder: Path, asked: Asked) -> tuple[Part, str]:
    """Run the query, or read the table, and give its rows and their hash; the first counts as line 2.

    Rows of a table come in the order of their columns, as a database keeps none.

    Raises
    ------
    UnreadableError
        In words, with a hint; what the environment filled in stands in none of them.
    """
    try:
        import sqlalchemy
    except ImportError:
        raise UnreadableError("needs SQLAlchemy, which is not installed", INSTALL) from None
    filled = _filled(source.url or "")
    try:
        url = _resolved(sqlalchemy.make_url(filled), folder, source)
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
        with engine.connect() as connection:
            frame = _fetched(connection, _statement(source, folder), source)
    except UnreadableError:
        raise
    except (sqlalchemy.exc.NoSuchModuleError, ImportError) as error:
        raise UnreadableError(f"has no driver: {_told(error, source)}", INSTALL) from None
    except (sqlalchemy.exc.SQLAlchemyError, OSError, ValueError) as error:
        raise UnreadableError(f"cannot be read: {_told(error, source)}", _hint(error)) from None
    if source.table:
        frame = frame.sort_values(
            list(frame.columns), ignore_index=True, key=lambda column: column.astype("str")
        )
    headings = tuple(str(heading).strip() for heading in frame.columns)
    frame.columns = pd.Index(headings, dtype="str")
    digest = sha256(frame.to_csv(index=False).encode()).hexdigest()
    frame = with_texts(frame[[heading for heading in headings if heading in asked]], asked)
    name = Path(source.query).stem if source.query.endswith(".sql") else source.table or "query"
    return Part(name=source.named, stem=name, frame=frame, headings=headings), digest


def _filled(url: str) -> str:
    """Fill in what the environment gives; in the part before the server's name as an address needs it."""
    from urllib.parse import quote

    if absent := [name for name in VARIABLE.findall(url) if name not in os.environ]:
        raise UnreadableError(
            f"needs {', '.join(dict.fromkeys(absent))} in the environment",
            "set it before the run, then run again",
        )
    who, at, where = url.rpartition("@")
    whole = VARIABLE.fullmatch(url) is not None
    quoted = VARIABLE.sub(lambda found: quote(os.environ[found[1]], safe=""), who)
    plain = VARIABLE.sub(lambda found: os.environ[found[1]], where)
    return plain if whole else quoted + at + plain


def _resolved(url: "URL", folder: Path, source: TableSource) -> "URL":
    """Look for a SQLite file from the folder of analysis.toml, and open it to read only."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return url
    path = folder / url.database
    if not path.is_file():
        filled = VARIABLE.search(source.url or "") is not None
        named = source.url if filled else f"{path.name} in {path.parent}"
        raise UnreadableError(f"no such database file: {named}", "give its path in url")
    return url.set(database=path.resolve().as_uri(), query={"mode": "ro", "uri": "true"})


def _statement(source: TableSource, folder: Path) -> Any:
    """Text of the query, or of its .sql file, or a selection of the whole table."""
    import sqlalchemy

    if source.table:
        schema, _, name = source.table.rpartition(".")
        return sqlalchemy.select(sqlalchemy.text("*")).select_from(
            sqlalchemy.table(name, schema=schema or None)
        )
    query = source.query
    if query.lower().endswith(".sql"):
        path = folder / source.folder / query
        if not path.is_file():
            raise UnreadableError(f"no such query file: {path.name} in {path.parent}")
        query = path.read_text(encoding="utf-8-sig")
    return sqlalchemy.text(COLON.sub(r"\\:", query))  # a colon in the query is one, and no parameter of ours


def _fetched(connection: "Connection", statement: Any, source: TableSource) -> pd.DataFrame:
    """Fetch all rows, some at a time where the driver can, and no more of them than may be."""
    options = {"stream_results": True, "postgresql_readonly": True}
    result = connection.execution_options(**options).execute(statement)
    if not result.returns_rows:
        raise UnreadableError("gives no rows: is it a SELECT?")
    headings = list(result.keys())
    with closing(result):
        blocks: list[pd.DataFrame] = []
        for block in result.partitions(FETCHED):
            blocks.append(_columns(block, headings))
            not_too_many(sum(map(len, blocks)), source)
    return pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame(columns=headings)


def _columns(rows: Any, headings: list[str]) -> pd.DataFrame:
    """Lay rows out in columns: decimals as numbers, the others as the driver gives them."""
    frame = pd.DataFrame.from_records([tuple(row) for row in rows], columns=headings, coerce_float=True)
    return frame.infer_objects()


def _told(error: Exception, source: TableSource) -> str:
    """First line of what a driver says, without anything that the environment filled in."""
    said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    for name in VARIABLE.findall(source.url or ""):
        for secret in _forms(os.environ.get(name, "")):
            said = said.replace(secret, "${" + name + "}")
    return said


def _forms(secret: str) -> list[str]:
    """A secret as a driver may say it, the longest first: as it is, as an address has it, and in the parts of one."""
    from urllib.parse import quote, quote_plus

    parts = [part for part in re.split(r"[/:@?#&=;,\s]+", secret) if len(part) >= TELLING]
    forms = {secret, quote(secret, safe=""), quote_plus(secret), *parts, *map(quote, parts)} - {""}
    return sorted(forms, key=lambda form: (-len(form), form))


def _hint(error: Exception) -> str:
    words = str(error).lower()
    if any(word in words for word in ("connect", "password", "authentication", "resolve", "timeout")):
        return (
            "are the server's name, the database, the user and ${...} in the environment as they should be?"
        )
    return "run the query in the database's own tool; `schema.name` names a table of another schema"
