"""Makes the pictures of docs/tour.md from what the journey of `test_journey_demo.py` saw.

`python -m tests.browser.tour FOLDER`: FOLDER is where `LINLI_SCREENSHOTS` kept them. `make tour` does both.
"""

import re
import sys
from pathlib import Path

from PIL import Image

TOUR = Path(__file__).parents[2] / "docs" / "tour.md"
HERE = TOUR.with_suffix("")
WIDEST, COLOURS = 960, 96
SHOWN = re.compile(r"\]\(tour/([\w-]+)\.png\)")
MOST = 2_500_000
"""Bytes of all pictures: who clones the project has them too."""


def shown() -> set[str]:
    """The pictures that the tour has, by name and language: `desk-en`."""
    return set(SHOWN.findall(TOUR.read_text()))


def main(folder: Path) -> None:
    """Each small enough to be kept beside the words; what the tour does not show is not kept."""
    HERE.mkdir(exist_ok=True)
    for old in HERE.iterdir():
        old.unlink()
    for name in sorted(shown()):
        with Image.open(folder / f"tour-{name}.png") as seen:
            width = min(seen.width, WIDEST)
            small = seen.convert("RGB").resize((width, round(seen.height * width / seen.width)))
            small.quantize(COLOURS).save(HERE / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
