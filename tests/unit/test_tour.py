"""The tour shows each of its pictures, in both languages, and has no others."""

import re
from pathlib import Path

from tests.browser.tour import HERE, LOOKS, PICTURES


def test_the_tour_shows_every_picture_that_is_made_for_it() -> None:
    made = {f"{name}-{language}.png" for name in PICTURES for language in LOOKS}
    shown = set(re.findall(r"\]\(tour/([^)]+)\)", Path(HERE).with_suffix(".md").read_text()))
    assert made == shown == {path.name for path in HERE.iterdir()}
