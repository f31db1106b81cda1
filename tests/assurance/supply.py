"""What an installation brings: a lock file of versions and a list of licences, from what is installed.

``python -m tests.assurance.supply`` writes both anew.
"""

import re
from configparser import ConfigParser
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK, LICENCES = ROOT / "requirements-lock.txt", ROOT / "docs" / "licences.md"
EXTRAS = ("sql", "test")

# Licences of libraries whose metadata hold a text in the place of a name.
LONG = 60

LOCK_HEAD = """\
# Versions that the tests are run with, for `pip install -c requirements-lock.txt`.
# Written by `python -m tests.assurance.supply` from an installation of `.[test]`; setup.cfg has the bounds.
"""
LICENCES_HEAD = """\
# Licences

Libraries that an installation brings, with all that they need, as their own metadata name their licences. Written by
`python -m tests.assurance.supply`. None of the main installation is under the GPL; a test holds it so. Versions:
`requirements-lock.txt`.

| library | licence | comes with |
|---|---|---|
"""


def declared(extra: str = "") -> list[Requirement]:
    """Requirements of the main installation, or of an extra, as setup.cfg has them."""
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = settings["options.extras_require"][extra] if extra else settings["options"]["install_requires"]
    return [Requirement(line) for line in lines.splitlines() if line]


def brought(requirements: list[Requirement]) -> dict[str, Distribution]:
    """Every library that requirements bring on this system, by its name.

    Raises
    ------
    PackageNotFoundError
        If one of them is not installed.
    """
    found: dict[str, Distribution] = {}
    todo, done = [*requirements], set()
    while todo:
        one = todo.pop()
        name = canonicalize_name(one.name)
        for extra in ("", *one.extras):
            if (name, extra) in done:
                continue
            done.add((name, extra))
            found[name] = distribution(one.name)
            asked = [Requirement(line) for line in found[name].requires or ()]
            todo += [need for need in asked if need.marker is None or need.marker.evaluate({"extra": extra})]
    return dict(sorted(found.items()))


def everything() -> dict[str, Distribution]:
    """What the main installation and its extras bring."""
    return brought([*declared(), *(need for extra in EXTRAS for need in declared(extra))])


def locked() -> dict[str, str]:
    """Versions of the lock file by library."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def licence(of: Distribution) -> str:
    """Licence of a library in a few words, by its expression, its classifiers or its field."""
    about = of.metadata
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    classes = [
        line.rpartition("::")[2].strip() for line in about.get_all("Classifier") or () if "License ::" in line
    ]
    named = re.sub(r"\s+", " ", about.get("License") or "").strip()
    return ", ".join(classes) or (named if len(named) <= LONG else "see the library") or "not named"


def lock_text() -> str:
    """The lock file."""
    return LOCK_HEAD + "".join(f"{name}=={one.version}\n" for name, one in everything().items())


def licences_text() -> str:
    """The page of licences."""
    main = brought(declared())
    rows = [
        f"| {name} | {licence(one)} | {'the main installation' if name in main else 'an extra'} |"
        for name, one in everything().items()
    ]
    return LICENCES_HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    try:
        LOCK.write_text(lock_text(), encoding="utf-8", newline="\n")
        LICENCES.write_text(licences_text(), encoding="utf-8", newline="\n")
    except PackageNotFoundError as error:
        raise SystemExit(f"{error.name} is not installed: pip install '.[test]' first") from None
