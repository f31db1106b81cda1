"""The three pictures at the head of the README, drawn from the built-in example.

    python -m tests.pictures

draws them anew into ``docs/pictures``; a test says when they are not those that the code draws.
"""

import json
import sys
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from reports import style
from reports.charts import files
from reports.charts.jobs import Job
from reports.charts.standard_set import jobs
from reports.contents import Contents

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
# What each is called, and which picture of the pack it is: its kind, indicator and area.
SHOWN = {
    "opportunity": ("opportunity", "", ""),
    "funnel": ("funnel", "emergency_attendances", ""),
    "spine": ("spine", "", "L04"),
}
DRAWN_WITH = "drawn-with.json"


def drawn_with() -> dict[str, str]:
    """What decides every pixel besides our own code."""
    faces = {
        f"face {bold}": sha256(Path(style.font_path(bold)).read_bytes()).hexdigest() for bold in (False, True)
    }
    return {name: version(name) for name in ("matplotlib", "pillow", "numpy", "afcharts")} | faces


def draw(contents: Contents, folder: Path) -> None:
    """Draw the pictures into ``folder``."""
    # The example is invented: its pictures may be shown to anyone.
    contents = replace(contents, banner="")
    folder.mkdir(parents=True, exist_ok=True)
    todo = jobs(contents)
    for name, of in SHOWN.items():
        (job,) = [one for one in todo if (one.kind, one.indicator, one.area) == of]
        _save(job, folder / f"{name}.png")
    text = json.dumps(drawn_with(), indent=2)
    (folder / DRAWN_WITH).write_text(text + "\n", encoding="utf-8", newline="\n")


@style.context()
def _save(job: Job, path: Path) -> None:
    made = job.draw()
    files.save(made.figure, path, title=made.title, alt=made.alt)


def main() -> int:
    """Analyse the built-in example and draw its pictures."""
    from variation import analyse, read_inputs
    from variation.example import write_example
    from variation.packs.pack import contents_of

    with TemporaryDirectory() as folder:
        write_example(Path(folder))
        contents = contents_of(analyse(read_inputs(Path(folder) / "analysis.toml")))
    draw(contents, FOLDER)
    print(f"{len(SHOWN)} pictures drawn into {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
