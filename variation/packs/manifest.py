"""The manifest of a pack: what went in, how it was set and what came out, written and read."""

import json
import platform
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from variation.folders import file_hash, files_of

if TYPE_CHECKING:
    from reports.contents import Contents

MANIFEST = "manifest.json"

# Libraries whose version can change a byte of the pack.
LIBRARIES = (
    "numpy",
    "pandas",
    "scipy",
    "matplotlib",
    "pillow",
    "openpyxl",
    "formualizer",
    "typst",
    "pyarrow",
)

DIGEST = r"^[0-9a-f]{64}$"


Read = TypeVar("Read", bound="Written")


class ManifestError(Exception):
    """A manifest that is not there or is not one, in words."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Input(_Part):
    """A file or query that was read: its rows, and its hash; "" where that would tell what is withheld."""

    name: str
    table: str
    rows: int = Field(ge=0)
    sha256: str = Field(pattern=r"^([0-9a-f]{64})?$")


class Count(_Part):
    """How many findings of a kind there were."""

    severity: str
    code: str
    count: int = Field(ge=1)


class Written(_Part):
    """Files that were written, each with its hash, by their paths from the manifest."""

    outputs: dict[str, str]

    @field_validator("outputs")
    @classmethod
    def _inside(cls, outputs: dict[str, str]) -> dict[str, str]:
        """Refuse paths out of the pack, and hashes that are none."""
        wrong = [name for name in outputs if not _is_inside(name)]
        if wrong:
            raise ValueError(f"not a path inside the pack: {', '.join(map(repr, wrong[:5]))}")
        if bad := [name for name, digest in outputs.items() if not _is_digest(digest)]:
            raise ValueError(f"not a sha256: that of {', '.join(map(repr, bad[:5]))}")
        return outputs


class Manifest(Written):
    """What a pack says of itself."""

    title: str
    notice: str
    banner: str
    made: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    version: str
    python: str
    libraries: dict[str, str]
    inputs: list[Input]
    settings: dict[str, str]
    findings: list[Count]


class AreaManifest(Written):
    """What the pack of one area says of itself."""

    area: str
    name: str
    kind: str
    part_of: str
    title: str
    notice: str
    banner: str
    made: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    version: str
    headline: str
    look_at: list[str]
    made_from: str = Field(
        pattern=DIGEST
    )  # tables, words and settings that every pack of the run is made from
    digest: str = Field(pattern=DIGEST)  # of those and of all else that decides the bytes of this one


class IndexManifest(Written):
    """What the folder of the packs of areas says of itself: its index, and the manifest of each pack."""

    made_from: str = Field(pattern=DIGEST)


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    plain = path.parts and not path.is_absolute() and not {"\\", ":", "\0"} & set(name)
    return bool(plain) and ".." not in path.parts and name == path.as_posix()


def _is_digest(digest: str) -> bool:
    return len(digest) == 64 and set(digest) <= set("0123456789abcdef")


def write_manifest(contents: "Contents", folder: Path) -> None:
    """Write what went in, how it was set and what came out, each file with its hash."""
    manifest = {
        "title": contents.title,
        "notice": contents.notice,
        "banner": contents.banner,
        "made": contents.made.date().isoformat(),
        "version": contents.version,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "inputs": [vars(source) for source in contents.sources],
        "settings": {setting.name: setting.value for setting in contents.settings},
        "findings": contents.findings.groupby(["severity", "code"])
        .size()
        .reset_index(name="count")
        .to_dict("records"),
        "outputs": {name: file_hash(folder / name) for name in files_of(folder)},
    }
    _write(manifest, folder)


def save_manifest(manifest: Written, folder: Path) -> None:
    """Write the manifest of a folder that holds the packs of areas, or one of them."""
    _write(manifest.model_dump(), folder)


def _write(manifest: dict[str, Any], folder: Path) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a pack.

    Raises
    ------
    ManifestError
        If there is none, or it is not what a pack's manifest is: in words, with every key that is wrong.
    """
    return read_as(Manifest, folder)


def read_as(model: type[Read], folder: Path) -> Read:
    """Read the manifest of a folder as one of the kinds that there are.

    Raises
    ------
    ManifestError
        If there is none, or it is not what a pack's manifest is: in words, with every key that is wrong.
    """
    try:
        given: Any = json.loads((folder / MANIFEST).read_text(encoding="utf-8"), parse_constant=_no_number)
    except FileNotFoundError:
        raise ManifestError("there is none") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ManifestError(f"cannot be read: {error}") from None
    try:
        return model.model_validate(given)
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, one['loc'])) or 'all'}: {one['msg']}" for one in error.errors()[:5]]
        raise ManifestError("; ".join(wrong)) from None


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")
