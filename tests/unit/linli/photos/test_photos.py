"""Photos are written anew: the picture stays, what else was in the file does not."""

import random
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from linli.photos.developing import LARGEST_KEPT, developed, preview
from linli.photos.headers import NotRead, read
from linli.photos.limits import LARGE, LONGEST_SIDE, MAX_PIXELS, SMALL, admitted, memory
from linli.photos.workers import identify
from linli.web.problems import Problem
from tests.support.photos import corners, jpeg, many_scans, scene, wide_gamut_profile
from tests.support.reception import picture


def kept(original: bytes) -> Image.Image:
    content, width, height = developed(original)
    found = Image.open(BytesIO(content))
    assert (found.format, found.mode, found.size) == ("JPEG", "RGB", (width, height))
    return found


def refused(original: bytes) -> Problem:
    with pytest.raises(Problem) as problem:
        developed(original)
    return problem.value


def colour(found: Image.Image, across: float = 0.5, down: float = 0.5) -> tuple[int, int, int]:
    at = found.getpixel((int((found.width - 1) * across), int((found.height - 1) * down)))
    assert isinstance(at, tuple)
    return (at[0], at[1], at[2])


def like(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 12 for a, b in zip(found, wanted, strict=True))


def png(picture: Image.Image, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", **options)
    return out.getvalue()


def webp(picture: Image.Image, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", **options)
    return out.getvalue()


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
        picture(exif=exif, icc_profile=wide_gamut_profile()),
    ]
    for file in files:
        content, _, _ = developed(file)
        found = Image.open(BytesIO(content))
        assert not found.getexif()
        assert not {"comment", "icc_profile"} & found.info.keys()
        assert b"secret" not in content
        assert "王桂兰".encode() not in content


@pytest.mark.parametrize("write", [jpeg, png, webp])
def test_a_photo_taken_sideways_is_turned_upright(write: Callable[..., bytes]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side
    found = kept(write(corners(64, 48), exif=exif))
    assert found.size == (48, 64)
    assert like(colour(found, 0.9, 0.1), (254, 0, 0))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_to_hold_a_camera_is_turned_as_a_viewer_turns_it(orientation: int) -> None:
    from PIL import ImageOps  # noqa: PLC0415 - the yardstick, and nothing that is used otherwise

    exif = Image.Exif()
    exif[0x0112] = orientation
    original = jpeg(corners(64, 48), exif=exif)
    wanted = ImageOps.exif_transpose(Image.open(BytesIO(original)))
    found = kept(original)
    assert found.size == wanted.size
    for across, down in ((0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)):
        assert like(colour(found, across, down), colour(wanted.convert("RGB"), across, down))


def exif_with(tag: int, kind: int, count: int, value: bytes) -> bytes:
    """EXIF that says the camera lay on its side, and has one more entry, as it should not be."""
    more = struct.pack("<HHI", tag, kind, count) + value
    turned = struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0)
    entries = b"".join(sorted([more, turned], key=lambda entry: entry[:2]))
    return b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x02\x00" + entries + b"\x00" * 8


@pytest.mark.parametrize(
    "entry",
    [
        (0x011A, 2, 4, b"abc\x00"),  # the resolution as a text
        (0x011A, 5, 1, b"\xff\xff\xff\x7f"),  # as a fraction that lies outside
        (0x0100, 9, 1, b"\xff\xff\xff\xff"),  # a width below zero
        (0x829A, 11, 1, b"\x00\x00\xc0\x7f"),  # a time that is not a number
        (0x8769, 4, 1, b"\xff\xff\xff\xff"),  # more of it, where there is nothing
        (0x9999, 99, 9, b"\x00\x00\x00\x00"),  # of no type
    ],
)
def test_a_fault_elsewhere_in_the_exif_is_not_looked_at(entry: tuple[int, int, int, bytes]) -> None:
    assert kept(jpeg(corners(64, 48), exif=exif_with(*entry))).size == (48, 64)


@pytest.mark.parametrize("write", [jpeg, png, webp])
def test_a_large_photo_is_scaled_down(write: Callable[..., bytes]) -> None:
    assert kept(write(Image.new("RGB", (4_000, 3_000), "teal"))).size == (LONGEST_SIDE, 1_920)


@pytest.mark.parametrize(
    ("size", "wanted"), [((8_160, 6_144), (2_560, 1_928)), ((16_000, 1_000), (2_560, 160)), ((300, 9_000), (86, 2_560))]
)
def test_what_telephones_take_is_opened_at_a_fraction_of_its_size(
    size: tuple[int, int], wanted: tuple[int, int]
) -> None:
    file = jpeg(Image.new("L", size, 90), quality=40)
    found = kept(file)
    assert abs(found.width - wanted[0]) <= 1 >= abs(found.height - wanted[1])
    assert memory(read(file)) < LARGE


def test_two_hundred_megapixels_need_little_memory_unless_they_come_in_passes() -> None:
    frame = b"\xff\xd8\xff\xc0\x00\x11\x08" + struct.pack(">HH", 12_240, 16_320) + bytes.fromhex("03012200021101031101")
    scan = bytes.fromhex("ffda000c03010002110311003f00") + b"\x00" * 9 + b"\xff\xd9"
    assert memory(admitted(frame + scan)) < LARGE
    progressive = frame.replace(b"\xff\xc0", b"\xff\xc2")
    refusal = refused(progressive + scan)
    assert (refusal.status, refusal.slug) == (413, "photo_too_large")
    assert "progressive JPEG may have" in refusal.detail
    assert "Send it smaller" in refusal.detail


def test_a_photo_of_a_telephone_needs_the_smaller_share_of_memory() -> None:
    assert memory(read(jpeg(Image.new("RGB", (4_032, 3_024), "teal")))) < SMALL


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_way_of_colouring_becomes_rgb_on_white(mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (8, 8)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    found = kept(out.getvalue())
    if mode in ("RGBA", "LA"):
        assert colour(found) == (255, 255, 255)


def test_sixteen_bits_of_grey_keep_their_steps() -> None:
    ramp = Image.new("I;16", (256, 16))
    ramp.putdata([column * 257 for column in range(256)] * 16)
    found = kept(png(ramp))
    for column in (0, 40, 128, 200, 255):
        assert like(colour(found, column / 255), (column,) * 3)


def test_sixteen_bits_of_colour_keep_their_colour() -> None:
    row = b"\x00" + struct.pack(">HHH", 0x8000, 0x4000, 0xFFFF) * 32
    body = struct.pack(">IIBBBBB", 32, 32, 16, 2, 0, 0, 0)
    chunks = [(b"IHDR", body), (b"IDAT", zlib.compress(row * 32)), (b"IEND", b"")]
    file = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part)) for name, part in chunks
    )
    assert like(colour(kept(file)), (128, 64, 255))


def test_what_is_clear_is_white_and_what_is_half_clear_half() -> None:
    clear = Image.new("RGBA", (40, 40), (255, 0, 0, 128))
    assert like(colour(kept(png(clear))), (255, 127, 127))
    assert like(colour(kept(webp(clear, lossless=True))), (255, 127, 127))
    palette = Image.new("P", (40, 40), 0)
    palette.putpalette([0, 0, 255] + [0, 255, 0] * 255)
    assert like(colour(kept(png(palette))), (0, 0, 254))
    assert like(colour(kept(png(palette, transparency=0))), (255, 255, 255))


def test_ink_is_turned_into_light_whichever_way_round_it_is_written() -> None:
    red = Image.new("CMYK", (32, 32), (0, 255, 255, 0))
    assert like(colour(kept(jpeg(red))), (254, 0, 0))


def test_a_wide_gamut_becomes_the_one_that_screens_have() -> None:
    plain, wide = jpeg(Image.new("RGB", (32, 32), (60, 200, 60))), wide_gamut_profile()
    found = colour(kept(jpeg(Image.new("RGB", (32, 32), (60, 200, 60)), icc_profile=wide)))
    assert found[0] < colour(kept(plain))[0] - 20
    assert colour(kept(jpeg(Image.new("RGB", (32, 32), (60, 200, 60)), icc_profile=b"no profile" * 20))) == colour(
        kept(plain)
    )
    assert kept(jpeg(Image.new("L", (32, 32), 90), icc_profile=wide))  # of another kind of picture


def test_a_film_behind_a_photo_is_left_out() -> None:
    film = b"\x00\x00\x00\x18ftypmp42" + random.Random(1).randbytes(8_000_000) + b"\xff\xda" * 500
    assert colour(kept(jpeg() + film)) == colour(kept(jpeg()))
    assert read(jpeg() + film).picture == jpeg()
    assert len(read(picture(comment=b"x" * 9_000)).picture) < 2_000


def test_of_two_pictures_in_a_file_the_first_is_taken() -> None:
    out = BytesIO()
    scene().save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (640, 480), "lime")])
    assert like(colour(kept(out.getvalue()), 0.02, 0.02), (254, 0, 0))


@pytest.mark.parametrize("two_pictures", [False, True])
def test_a_jpeg_of_a_thousand_scans_is_refused_whatever_it_says_it_is(two_pictures: bool) -> None:
    refusal = refused(many_scans(1_000, two_pictures))
    assert (refusal.status, refusal.slug, refusal.detail) == (
        415,
        "not_a_photo",
        "The file has more scans than any photo.",
    )
    assert kept(many_scans(1, two_pictures)).size == (64, 48)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("cut", [1, 2])
def test_a_photo_that_lacks_its_end_mark_alone_is_taken(cut: int, progressive: bool) -> None:
    whole = jpeg(progressive=progressive)
    assert colour(kept(whole[:-cut]), 0.3, 0.9) == colour(kept(whole), 0.3, 0.9)


@pytest.mark.parametrize("write", [jpeg, lambda p: jpeg(p, progressive=True), png, webp])
@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_a_cut_upload_is_told_to_be_sent_again(write: Callable[[Image.Image], bytes], share: float) -> None:
    whole = write(scene(1_200, 900))
    refusal = refused(whole[: int(len(whole) * share)])
    assert refusal.status == 415
    assert "cut off" in refusal.detail
    assert "Send it again" in refusal.detail


def test_a_png_without_its_end_mark_is_taken() -> None:
    assert kept(png(scene())[:-12]).size == (640, 480)


@pytest.mark.parametrize(
    ("file", "named", "told"),
    [
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"x" * 99, "HEIC", "Most Compatible"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic" + b"x" * 99, "HEIC", "Send it as JPEG"),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf" + b"x" * 99, "AVIF", "Send it as JPEG"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42" + b"x" * 99, "film", "Send a photo"),
        (b"II*\x00" + b"x" * 99, "TIFF", "Send it as JPEG"),
        (picture("GIF"), "GIF", "Send it as JPEG"),
        (b"%PDF-1.7", "PDF", "Send a photo"),
        (b"", "empty", "Choose the photo again"),
    ],
)
def test_what_is_not_taken_is_named_with_what_to_do(file: bytes, named: str, told: str) -> None:
    refusal = refused(file)
    assert (refusal.status, refusal.slug, refusal.extra) == (415, "not_a_photo", {"found": named})
    assert told in refusal.detail


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    side = int(MAX_PIXELS**0.5) + 1
    huge = [png(Image.new("1", (side, side))), webp(Image.new("RGBA", (6_320, 6_320)), lossless=True, quality=0)]
    for file in huge:
        assert len(file) < 100_000
        refusal = refused(file)
        assert (refusal.status, refusal.slug) == (413, "photo_too_large")
        assert "this one has 40" in refusal.detail


def test_an_animation_is_refused_or_shown_as_its_still_picture() -> None:
    frames = {"save_all": True, "append_images": [Image.new("RGB", (64, 48), "lime")]}
    assert "animation" in refused(webp(scene(64, 48), **frames)).detail
    assert like(colour(kept(png(scene(64, 48), **frames)), 0.02, 0.02), (254, 0, 0))


def test_a_photo_full_of_noise_is_not_kept_larger_than_others() -> None:
    noise = Image.frombytes("RGB", (1_600, 1_600), random.Random(3).randbytes(1_600 * 1_600 * 3))
    content, _, _ = developed(jpeg(noise, quality=60))
    assert len(content) < LARGEST_KEPT * 1.5


def test_a_preview_is_small_and_blurred() -> None:
    small = Image.open(BytesIO(preview(jpeg(scene(2_000, 1_000)))))
    assert small.size == (320, 160)
    assert len({small.getpixel((160, y)) for y in range(74, 86)}) > 6  # the edge between the colours has gone soft


@pytest.mark.parametrize(
    "spoil", [lambda f: f[: len(f) // 2], lambda f: f[:20] + b"\xff" * 60 + f[80:], lambda f: b"GIF89a" + f[6:]]
)
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_broken_file_is_no_photo_or_a_whole_one(format: str, spoil: Callable[[bytes], bytes]) -> None:
    try:
        kept(spoil(picture(format)))
    except Problem as problem:
        assert problem.status in (413, 415)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\xff\xff\x00\x00WEBPVP8X", b""]),
    st.binary(max_size=200),
)
def test_whatever_comes_is_a_photo_or_a_problem(magic: bytes, rest: bytes) -> None:
    try:
        kept(magic + rest)
    except Problem as problem:
        assert problem.status in (413, 415)
    for start in range(0, len(rest), 40):
        with suppress(NotRead):
            read(picture()[: 30 + start] + rest)


def test_the_same_bytes_have_the_same_id() -> None:
    assert identify(BytesIO(picture())) == identify(BytesIO(picture()))
    assert identify(BytesIO(picture())) != identify(BytesIO(picture("PNG")))
