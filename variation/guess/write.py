"""The draft as files: a commented analysis.toml and the tables to be filled in; and what is said in the terminal."""

from pathlib import Path
from typing import Any

from variation.errors import VariationError
from variation.guess.draft import Draft
from variation.settings.text import settings_text

TITLE = "Our area: variation for inquiry"
SETTINGS = "analysis.toml"
SURE = (
    "Certain: its headings are those of its publisher, or ours. Likely: usual headings, and what stands below them"
    " fits; or known ones, with a choice made. A guess: something had to be assumed, and is said."
)


def refuse_to_overwrite(folder: Path, names: list[str]) -> None:
    """Stop where a file would be written over.

    Raises
    ------
    VariationError
        Naming the files that are there.
    """
    if there := [name for name in names if (folder / name).exists()]:
        raise VariationError(
            f"{folder}: {', '.join(there)} {'is' if len(there) == 1 else 'are'} there already, and nothing is written"
            " over\n  hint: name another folder with --out, or write over them with --force"
        )


def write_draft(made: Draft, *, force: bool = False) -> list[Path]:
    """Write the settings and the tables to be filled in; over what is there only by force."""
    if not force:
        refuse_to_overwrite(made.folder, [SETTINGS, *made.skeletons])
    made.folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, rows in made.skeletons.items():
        written.append(made.folder / name)
        rows.to_csv(written[-1], index=False, encoding="utf-8", lineterminator="\n")
    written.append(made.folder / SETTINGS)
    written[-1].write_text(draft_text(made), encoding="utf-8", newline="\n")
    return written


def draft_text(made: Draft) -> str:
    """Write the settings, with what was understood of each file above its lines."""
    tables = {name: sources[0] if len(sources) == 1 else sources for name, sources in made.sources.items()}
    live: dict[str, Any] = {"title": TITLE, "tables": tables, "peers": made.peers}
    notes: dict[str, list[str]] = {"title": ["Say what the pack is about."]}
    for table, sources in made.sources.items():
        for place, source in enumerate(sources):
            notes[f"tables.{table}.{place}"] = _understood(made, table, source)
    opening = [
        "Settings drafted from the files below by variation init. Look through them; then run: variation check\n"
        f"Above each table stands what its file was understood as, and how sure that is. {SURE}"
    ]
    if made.unsure:
        opening.append("Not sure:\n" + "\n".join(f"- {words}" for words in made.unsure))
    return settings_text(live, opening=opening, notes=notes)


def _understood(made: Draft, table: str, source: dict[str, Any]) -> list[str]:
    files = source["file"] if isinstance(source["file"], list) else [source["file"]]
    names = {file.rpartition("/")[2] for file in files}
    said: list[str] = []
    for role in made.used:
        if role.table == table and role.look.path.name in names:
            said.append(f"Understood as ({role.sure}): {role.said}")
            said += [f"Not sure: {words}" for words in role.unsure]
            said += [f"Possible too: {words}" for words in role.also]
    return list(dict.fromkeys(said)) or [
        "Made from the other files: look through it and fill in what is missing."
    ]


def _several(names: list[str]) -> str:
    """Name files, and past a few how many more.

    >>> _several(["a.csv", "b.csv", "c.csv", "d.csv"])
    'a.csv, b.csv and 2 more'
    """
    return ", ".join(names) if len(names) < 4 else f"{', '.join(names[:2])} and {len(names) - 2} more"


def report(made: Draft, written: list[Path]) -> str:
    """Say what was understood, what is not sure, what was left out, and what to do next."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for role in made.used:
        alike.setdefault((role.table, role.said, role.sure), []).append(role.look.name)
    understood = [
        f"{table:<11} {_several(names)}: {said} ({sure})" for (table, said, sure), names in alike.items()
    ]
    parts = [
        ("Understood", understood),
        ("Not sure", made.unsure),
        ("Not used", made.unused),
        ("Wrote", [str(path) for path in written]),
    ]
    return "\n".join(
        line for title, lines in parts if lines for line in (title, *(f"  {line}" for line in lines))
    )
