"""Folders that are packs in all that a folder can be: files, and the manifest that names them."""

import json
from pathlib import Path

from variation.folders import file_hash, files_of
from variation.packs.manifest import MANIFEST


def write_files(folder: Path, files: dict[str, str]) -> None:
    """Write files and the manifest of a pack that has them."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / MANIFEST).unlink(missing_ok=True)
    about = {
        "title": "A pack", "notice": "", "banner": "", "made": "2017-03-31", "version": "0", "python": "3",
        "libraries": {}, "inputs": [], "settings": {"policy": "internal", "finance.plan_year": "4"},
        "findings": [], "outputs": {name: file_hash(folder / name) for name in files_of(folder)},
    }  # fmt: skip
    (folder / MANIFEST).write_text(json.dumps(about), encoding="utf-8")


def texts(folder: Path) -> dict[str, str]:
    """Every file of a folder but the manifest, by its path from there."""
    return {
        name: (folder / name).read_text(encoding="utf-8") for name in files_of(folder) if name != MANIFEST
    }
