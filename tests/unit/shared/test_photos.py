"""Photos are written anew: the picture stays, what else was in the file does not."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from linli.errors import Problem
from linli.photos import LONGEST_SIDE, MAX_PIXELS, developed, identify
from tests.support.reception import picture


def test_nothing_but_the_picture_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "王桂兰家门口"
    exif.get_ifd(0x8825)[2] = (36.0, 7.0, 57.0)
    notes = PngInfo()
    notes.add_text("Comment", "secret place", zip=False)
    files = [
        picture(exif=exif, comment=b"secret place"),
        picture("WEBP", exif=exif),
        picture("PNG", pnginfo=notes, exif=exif),
    ]
    for file in files:
        photo = developed(file, "id")
        kept = Image.open(BytesIO(photo.jpeg))
        assert not kept.getexif()
        assert "comment" not in kept.info
        assert b"secret" not in photo.jpeg
        assert "王桂兰".encode() not in photo.jpeg


def test_a_photo_taken_sideways_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side
    photo = developed(picture(size=(60, 40), exif=exif), "id")
    assert (photo.width, photo.height) == (40, 60)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_large_photo_is_scaled_down(format: str) -> None:
    photo = developed(picture(format, (4_000, 3_000)), "id")
    assert (photo.width, photo.height) == (LONGEST_SIDE, 1_920)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_way_of_colouring_becomes_rgb_on_white(mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (8, 8)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    kept = Image.open(BytesIO(developed(out.getvalue(), "id").jpeg))
    assert (kept.mode, kept.size) == ("RGB", (8, 8))
    if mode == "RGBA":
        assert kept.getpixel((4, 4)) == (255, 255, 255)


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    side = int(MAX_PIXELS**0.5) + 1
    out = BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(Problem) as refused:
        developed(out.getvalue(), "id")
    assert (refused.value.status, refused.value.slug) == (413, "photo_too_large")


@pytest.mark.parametrize(
    "spoil", [lambda f: f[: len(f) // 2], lambda f: f[:20] + b"\xff" * 60 + f[80:], lambda f: b"GIF89a" + f[6:]]
)
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_broken_file_is_no_photo_or_a_whole_one(format: str, spoil: Callable[[bytes], bytes]) -> None:
    try:
        photo = developed(spoil(picture(format)), "id")
    except Problem as refused:
        assert refused.status in (413, 415)
    else:
        assert Image.open(BytesIO(photo.jpeg)).size == (photo.width, photo.height)


def test_the_same_bytes_have_the_same_id() -> None:
    assert identify(BytesIO(picture())) == identify(BytesIO(picture()))
    assert identify(BytesIO(picture())) != identify(BytesIO(picture("PNG")))
