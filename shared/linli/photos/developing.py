"""Re-encodes one photo: decoded, turned upright and scaled down, so that only the picture is kept.

`python -m linli.photos.developing BYTES SECONDS` runs in a process of its own, for one photo, with limits on memory
and processor time: a crafted file can end only it. The photo comes on stdin. What goes to stdout
is a line of JSON, then the JPEG.
"""

import contextlib
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageFilter, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from linli.confined.child import confine
from linli.photos.headers import Header
from linli.photos.limits import LARGE, LONGEST_SIDE, MAX_BYTES, MB, admitted, cut_off, memory, scale_of, unreadable
from linli.web.localized import in_chinese
from linli.web.problems import Problem

QUALITIES = (85, 75, 65)
LARGEST_KEPT = 1_500_000
"""Bytes of a JPEG that make it worth while to be written once more, with a little less quality."""
PREVIEW_SIDE, PREVIEW_BLUR = 320, 3
"""A scene can be told on a preview, a face or a number plate cannot."""
_STRIP_BYTES = 2 * MB
# The limits are ours, of each format, checked before anything is decoded; Pillow's own is one for all.
Image.MAX_IMAGE_PIXELS = None
_OPENERS: dict[str, type[Any]] = {
    # Not by `Image.open`, which makes something else of a JPEG that says it is several pictures.
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def developed(original: bytes) -> tuple[bytes, int, int]:
    """The JPEG that is kept, its width and height. Raises `Problem` 413 and 415.

    What the file is called and what it is said to be plays no part.
    """
    header = admitted(original)
    try:
        if header.format == "JPEG" and not header.whole and not _only_its_end_is_missing(header):
            raise cut_off()
        plain = _upright(_opened(header), header.orientation)
    except (Problem, MemoryError):
        raise
    except Exception as error:  # whatever a decoder stumbles over, the file is at fault: it may raise anything
        raise (unreadable(original) if header.whole else cut_off()) from error
    return _written(plain), plain.width, plain.height


def preview(jpeg: bytes) -> bytes:
    """A small, blurred picture of a photo that is kept."""
    with Image.open(BytesIO(jpeg), formats=["JPEG"]) as picture:
        picture.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
        out = BytesIO()
        picture.convert("RGB").filter(ImageFilter.GaussianBlur(PREVIEW_BLUR)).save(out, "JPEG", quality=70)
    return out.getvalue()


def _opened(header: Header, behind: bytes = b"", side: int | None = None) -> Image.Image:
    """The picture, decoded; a JPEG at a fraction of its size, and with `behind` after what there is of a cut one."""
    cut = header.format == "JPEG" and not header.whole
    picture: Image.Image = _OPENERS[header.format](
        BytesIO(header.picture + behind + b"\xff\xd9" if cut else header.picture)
    )
    if header.format == "JPEG":
        scale = scale_of(header)
        size = (header.width // scale, header.height // scale) if side is None else (side, side)
        picture.draft("RGB", (max(1, size[0]), max(1, size[1])))
    picture.load()
    return picture


def _only_its_end_is_missing(header: Header) -> bool:
    """Whether all of a cut JPEG's picture is there: then it looks the same whatever comes behind.

    The last row of blocks may differ. A progressive one is compared in full, for its last scans add what is fine.
    """
    if not header.refined:
        return False
    side = None if header.progressive or header.scans > 1 else 1
    seen = []
    for behind in (b"", b"\x55\xaa\x33\xcc" * 1024):
        with _opened(header, behind, side) as picture:
            below = -(-16 * picture.height // header.height)
            digest = hashlib.sha256()
            for strip in _strips(picture, 64, max(1, picture.height - below)):
                digest.update(strip.tobytes())
            seen.append(digest.digest())
    return seen[0] == seen[1]


def _strips(picture: Image.Image, rows: int, height: int) -> Iterator[Image.Image]:
    """The picture from the top down to `height`, in pieces, for the memory that each step takes."""
    for top in range(0, height, rows):
        yield picture.crop((0, top, picture.width, min(top + rows, height)))


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    to_srgb = _to_srgb(picture)
    factor = max(1, max(picture.size) // LONGEST_SIDE)
    # A new one: no EXIF, comment, profile or transparency comes along.
    reduced = Image.new("RGB", (-(-picture.width // factor), -(-picture.height // factor)), "white")
    rows = max(1, _STRIP_BYTES // 4 // picture.width // factor) * factor
    for number, strip in enumerate(_strips(picture, rows, picture.height)):
        plain = _on_white(strip, to_srgb)
        reduced.paste(plain.reduce(factor) if factor > 1 else plain, (0, number * rows // factor))
    picture.close()
    del picture
    reduced.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=None)
    turn = _TURNS.get(orientation)
    return reduced if turn is None else reduced.transpose(turn)


def _on_white(strip: Image.Image, to_srgb: Callable[[Image.Image], Image.Image]) -> Image.Image:
    if strip.mode.startswith("I"):  # 16 bits of grey: the upper eight, as a screen shows them
        wide = strip.convert("I") if strip.mode != "I" else strip
        return wide.point(lambda grey: grey * (1 / 256)).convert("L").convert("RGB")
    if not strip.has_transparency_data:
        return to_srgb(strip)
    clear = strip.convert("RGBA")
    white = Image.new("RGB", strip.size, "white")
    white.paste(to_srgb(clear), mask=clear.getchannel("A"))
    return white


def _to_srgb(picture: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """By the profile that the file has, such as a telephone's for its wide gamut; without one, as it is."""
    mode = {"1": "L", "L": "L", "LA": "L", "CMYK": "CMYK"}.get(picture.mode, "RGB")
    transform = None
    if profile := picture.info.get("icc_profile"):
        with contextlib.suppress(Exception):  # a profile of another kind of picture, or of none
            theirs = ImageCms.ImageCmsProfile(BytesIO(profile))
            transform = ImageCms.buildTransform(theirs, ImageCms.createProfile("sRGB"), mode, "RGB")

    def converted(strip: Image.Image) -> Image.Image:
        if transform is None:
            return strip.convert("RGB")
        inside = strip if strip.mode == mode else strip.convert("RGB").convert(mode)
        return ImageCms.applyTransform(inside, transform) or strip.convert("RGB")

    return converted


def _written(plain: Image.Image) -> bytes:
    for quality in QUALITIES:
        out = BytesIO()
        plain.save(out, "JPEG", quality=quality)
        if out.tell() <= LARGEST_KEPT:
            break
    return out.getvalue()


# The process ----------------------------------------------------------------------------------------------------------


def _answer(original: bytes, allowance: int) -> tuple[dict[str, object], bytes]:
    try:
        needs = memory(admitted(original))
        if needs > allowance:
            return {"needs": needs}, b""
        jpeg, width, height = developed(original)
    except Problem as problem:
        refusal = {"slug": problem.slug, "status": problem.status, "detail": problem.detail, "extra": problem.extra}
        refusal["chinese"] = in_chinese(problem.detail)
        return {"problem": refusal}, b""
    except MemoryError:
        return {"needs": LARGE if allowance < LARGE else None}, b""
    return {"width": width, "height": height}, jpeg


def main() -> None:
    """For one photo, or with `preview` for a small picture of one that is kept."""
    allowance, seconds = int(sys.argv[1]), int(sys.argv[2])
    confine(allowance, seconds)
    original = sys.stdin.buffer.read(MAX_BYTES + 1)
    if sys.argv[3:] == ["preview"]:
        answer, jpeg = {}, preview(original)  # type: tuple[dict[str, object], bytes]
    else:
        answer, jpeg = _answer(original, allowance)
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + jpeg)


if __name__ == "__main__":
    main()
