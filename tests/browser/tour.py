"""Makes the pictures of docs/tour.md from what `make browser` saw.

`python -m tests.browser.tour FOLDER`: FOLDER is where `LINLI_SCREENSHOTS` kept the screenshots. `make tour` does both.
"""

import sys
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parents[2] / "docs" / "tour"
PICTURES = {
    "report": "resident-report",
    "receipt": "resident-track--code--receipt-id-case-",
    "track": "resident-track--done_code-",
    "neighbourhood": "resident-n--community---neighbourhood-",
    "desk": "operator-desk",
    "case": "operator-desk-cases--done-",
    "figures": "operator-reports",
    "topology": "operator-topology",
    "office": "operator-office",
}
"""The tour's name of a page → the name of its screenshot."""
LOOKS = {"zh": "zh-CN-light", "en": "en-dark"}
WIDTH, TALLEST, COLOURS = 960, 760, 96


def main(folder: Path) -> None:
    """The upper part of each, small enough to be kept beside the words."""
    HERE.mkdir(exist_ok=True)
    for name, page in PICTURES.items():
        for language, look in LOOKS.items():
            with Image.open(folder / f"{page}-{look}.png") as seen:
                small = seen.convert("RGB").resize((WIDTH, round(seen.height * WIDTH / seen.width)))
                small = small.crop((0, 0, WIDTH, min(small.height, TALLEST)))
                small.quantize(COLOURS).save(HERE / f"{name}-{language}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
