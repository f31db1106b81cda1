"""What a long run has done so far, kept beside its pack: an interrupted run goes on from there."""

import json
import shutil
import zipfile
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from variation.inputs import Inputs
from variation.opportunity.sizing import Priced
from variation.version import VERSION

# Libraries of which another version may change the last bit of a draw.
LIBRARIES = ("numpy", "scipy", "statsmodels")


class Unfinished:
    """Parts of the opportunity, by what they are made from: other inputs, settings or versions find nothing here."""

    def __init__(self, folder: Path, inputs: Inputs) -> None:
        made_from = [VERSION, *(version(name) for name in LIBRARIES), inputs.settings.model_dump_json()]
        made_from += [source.sha256 for source in inputs.sources]
        self._start = sha256(json.dumps(made_from).encode()).hexdigest()
        self.folder = folder

    @classmethod
    def beside(cls, out: Path, inputs: Inputs) -> "Unfinished":
        """Where the run that writes the pack ``out`` keeps its parts."""
        return cls(out.with_name(f".{out.name}.unfinished"), inputs)

    def _place(self, indicators: list[str]) -> Path:
        name = sha256(json.dumps([self._start, indicators]).encode()).hexdigest()[:32]
        return self.folder / name

    def read(self, indicators: list[str]) -> Priced | None:
        """Return the part of these indicators, if it is there whole; a power cut may leave files without content."""
        place = self._place(indicators)
        try:
            return self._read(place) if place.is_dir() else None
        except (OSError, ValueError, EOFError, LookupError, pa.ArrowException, zipfile.BadZipFile):
            return None  # worked out again, and written in its place

    @staticmethod
    def _read(place: Path) -> Priced:
        with np.load(place / "draws.npz", allow_pickle=False) as kept:
            draws = dict(zip(kept["names"].tolist(), kept["draws"], strict=True))
            rules, focus = kept["rules"].tolist(), kept["focus"]
            focus_draws = {
                name: dict(zip(rules, own, strict=True))
                for name, own in zip(kept["all_names"].tolist(), focus, strict=True)
            }
        return Priced(
            opportunity=pd.read_parquet(place / "opportunity.parquet"),
            draws=draws,
            beyond=pd.read_parquet(place / "beyond.parquet"),
            focus_draws=focus_draws,
        )

    def write(self, indicators: list[str], part: Priced) -> None:
        """Keep a part; it is there whole or not at all."""
        place = self._place(indicators)
        partial = place.with_name(f"{place.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        part.opportunity.to_parquet(partial / "opportunity.parquet", index=False)
        part.beyond.to_parquet(partial / "beyond.parquet", index=False)
        rules = list(next(iter(part.focus_draws.values()), {}))
        np.savez(
            partial / "draws.npz",
            names=np.array(list(part.draws), dtype=str),
            draws=np.array(list(part.draws.values()), dtype=np.int64),
            all_names=np.array(list(part.focus_draws), dtype=str),
            rules=np.array(rules, dtype=str),
            focus=np.array([[own[rule] for rule in rules] for own in part.focus_draws.values()], dtype=float),
        )
        shutil.rmtree(place, ignore_errors=True)
        partial.rename(place)

    def clear(self) -> None:
        """Leave nothing behind: the run is finished."""
        shutil.rmtree(self.folder, ignore_errors=True)
