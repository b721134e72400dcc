"""The tour shows each of its pictures, in both languages, and has no others; all of them are small together."""

import re
from pathlib import Path

from tests.browser.tour import HERE, MOST, shown

JOURNEY = Path(__file__).parents[1] / "browser" / "test_journey_demo.py"


def test_the_tour_shows_every_picture_that_is_made_for_it_in_both_languages() -> None:
    names = set(re.findall(r"words\.picture\(\"([\w-]+)\"\)", JOURNEY.read_text()))
    assert len(names) > 15
    assert shown() == {f"{name}-{language}" for name in names for language in ("zh", "en")}
    assert {path.name for path in HERE.iterdir()} == {f"{each}.png" for each in shown()}


def test_its_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in HERE.iterdir()) < MOST
