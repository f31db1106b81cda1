"""One target under atheris, in a process of its own: a crash of the reader ends no other's run.

Exceptions are kept, one file each, and the run goes on; what ends the process itself is libFuzzer's to keep.
"""

import hashlib
import sys
import tempfile
import traceback
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["variation"]):
    from tests.fuzz.targets import TARGETS


def main(name: str, kept: Path, options: list[str]) -> None:
    """Fuzz a target until libFuzzer's own limits end it."""
    target = TARGETS[name]
    seen: set[str] = set()
    corpus = Path(tempfile.mkdtemp(prefix=f"corpus-{name}-"))
    for place, seed in enumerate(target.seeds()):
        (corpus / f"{place:04}").write_bytes(seed)
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    warnings.simplefilter("error")

    def one_input(data: bytes) -> None:
        try:
            target.hold(data, folder)
        except Exception as error:
            frames = [
                f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
            ]
            where = next((frame for frame in reversed(frames) if "/variation/" in frame), frames[-1])
            if (place := f"{type(error).__name__} {where}") not in seen:
                seen.add(place)
                mark = hashlib.sha256(data).hexdigest()[:12]
                (kept / f"{name}-{mark}").write_bytes(data)
                (kept / f"{name}-{mark}.txt").write_text(
                    "".join(traceback.format_exception(error)), encoding="utf-8"
                )

    flags = [
        "-print_final_stats=1",
        "-timeout=60",
        "-report_slow_units=60",
        "-rss_limit_mb=3000",
        "-max_len=32768",
        f"-artifact_prefix={kept}/{name}-",
    ]
    atheris.Setup([sys.argv[0], *flags, *options, str(corpus)], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
