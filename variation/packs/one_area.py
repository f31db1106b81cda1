"""The pack of one area: written whole with its manifest, unless it is there and up to date."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from reports.area_pack import AreaContents, Story, write_area_pack
from variation.errors import VariationError
from variation.folders import file_hash, files_of
from variation.packs.area_packs import read_area_manifest
from variation.packs.area_tables import AreaTables
from variation.packs.manifest import LIBRARIES, MANIFEST, AreaManifest, save_manifest
from variation.packs.whole_folder import replaced_folder
from variation.settings import Output

PAGE = "index.html"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be made the same way for every area."""

    outputs: tuple[Output, ...]
    digest: str  # of what the packs are made from
    names: Mapping[str, str]  # folder of each area that gets a pack
    main: str  # address of the page of the whole, seen from an area's folder


class Worker:
    """What makes packs one after another: tables opened once, and what is drawn with kept warm."""

    def __init__(self, tables: Path, folder: Path, plan: Plan) -> None:
        self._tables, self._folder, self._plan = AreaTables(tables), folder, plan
        pages = plan.names.items() if "page" in plan.outputs else ()
        self._packs = {code: f"../{name}/{PAGE}" for code, name in pages}

    def make(self, area: str) -> str | None:
        """Write the pack of an area unless it is there; None where it is, else why it failed, "" if it did not."""
        try:
            return self._make(area)
        except Exception as error:  # one area's failure must not lose the others: it is said at the end
            return f"{type(error).__name__}: {error}" if not isinstance(error, VariationError) else str(error)

    def _make(self, area: str) -> str | None:
        plan, out = self._plan, self._folder / self._plan.names[area]
        contents = self._tables.of(area, packs=self._packs, main=plan.main)
        digest = _digest(contents, plan)
        if _is_whole(out, digest):
            return None
        with replaced_folder(out, settled=False) as folder:
            story = Story(contents)
            write_area_pack(story, folder, plan.outputs)
            if contents.contents.banner and (folder / "charts").is_dir():
                said = f"{contents.contents.banner}: every file of this folder.\n"
                (folder / "charts" / "MARKING.txt").write_text(said, encoding="utf-8", newline="\n")
            _write_manifest(story, plan, digest, folder)
        return ""


def _digest(contents: AreaContents, plan: Plan) -> str:
    """Hash all that decides the bytes of an area's pack."""
    parts = (
        plan.digest, contents.area, sorted(plan.outputs), sorted(contents.packs.items()), plan.main,
        platform.python_version(), [(name, version(name)) for name in LIBRARIES],
    )  # fmt: skip
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _is_whole(folder: Path, digest: str) -> bool:
    """Tell whether a pack is there, made from just this, and no file of it is missing or changed."""
    manifest = read_area_manifest(folder)
    return manifest is not None and manifest.digest == digest and manifest.outputs == _hashes(folder)


def _hashes(folder: Path) -> dict[str, str]:
    return {name: file_hash(folder / name) for name in files_of(folder) if name != MANIFEST}


def _write_manifest(story: Story, plan: Plan, digest: str, folder: Path) -> None:
    """Write what the pack is of, what it says first, what it was made from, and its files with their hashes."""
    area, contents = story.area, story.area.contents
    save_manifest(
        AreaManifest(
            area=area.area,
            name=area.name,
            kind=area.kind,
            part_of=area.tree.parent_name(area.area) or "",
            title=contents.title,
            notice=contents.notice,
            banner=contents.banner,
            made=contents.made.date().isoformat(),
            version=contents.version,
            headline=story.headline,
            look_at=[look.name for look in story.looks],
            made_from=plan.digest,
            digest=digest,
            outputs=_hashes(folder),
        ),
        folder,
    )
