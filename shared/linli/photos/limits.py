"""Limits on a photo's bytes, pixels and decoding memory, and the messages for refusals."""

from typing import Any

from linli.photos.headers import Header, NotRead, called, read
from linli.web.localized import Localized
from linli.web.problems import Problem

MB = 1024 * 1024
MAX_BYTES = 10 * MB
MAX_PIXELS = 40_000_000
"""Of a PNG, which is opened at its full size."""
MAX_PIXELS_OF = {"JPEG": 250_000_000, "PNG": MAX_PIXELS, "WEBP": 12_500_000}
"""A JPEG is opened at an eighth of its size if need be; a WebP takes four times the memory of the others."""
MAX_SCANS = 100
"""A progressive JPEG has about ten."""
LONGEST_SIDE = 2560
SMALL, LARGE = 130 * MB, 250 * MB
"""Memory for opening one: nearly all photos of telephones are small; no photo gets more than the larger."""
_AROUND = 24 * MB
"""For what is the same whatever the photo: strips of it, tables, the JPEG that is written."""

_SMALLER = Localized(
    "Send it smaller: a gallery has 'resize', a messenger sends photos smaller by itself.",
    "请缩小后再发送：相册里有“调整大小”，聊天软件发送时会自动缩小。",
)
_UNREADABLE: dict[str | None, Localized] = {
    "empty": Localized("The file is empty. Choose the photo again.", "文件是空的，请重新选择照片。"),
    "HEIC": Localized(
        "This is a HEIC photo, which cannot be opened here. Send it as JPEG. On an iPhone: Settings > Camera > "
        "Formats > Most Compatible for the next ones; this one becomes a JPEG when it is shared by mail, or exported.",
        "这是 HEIC 格式的照片，这里打不开，请改用 JPEG 发送。iPhone：“设置”>“相机”>“格式”>“兼容性最佳”，"
        "以后拍的就是 JPEG；这一张通过邮件分享或导出后就是 JPEG。",
    ),
    "film": Localized("This is a film. Send a photo.", "这是视频，请发送照片。"),
    "PDF": Localized("This is a PDF document. Send a photo of it.", "这是 PDF 文档，请拍成照片发送。"),
    None: Localized(
        "The file is not a photo in JPEG, PNG or WebP.", "文件不是 JPEG、PNG 或 WebP 格式的照片，请换一张。"
    ),
}
"""What a file that is no photo is → what to say of it."""


def admitted(original: bytes) -> Header:
    """The header of a photo that may be opened. Raises `Problem` 413 and 415."""
    try:
        header = read(original)
    except (NotRead, IndexError, ValueError) as error:
        raise unreadable(original) from error
    if header.moving:
        raise Problem(
            "not_a_photo",
            415,
            Localized("This WebP is an animation. Send a still picture.", "这个 WebP 是动图，请发送静态照片。"),
        )
    if header.scans > MAX_SCANS:
        raise Problem(
            "not_a_photo",
            415,
            Localized("The file has more scans than any photo.", "文件的扫描层数超过任何照片，请换一张。"),
        )
    most = MAX_PIXELS_OF[header.format]
    if header.width * header.height > most:
        raise _too_many(header, most)
    if memory(header) > LARGE:  # what is left for a JPEG are its buffered scans
        raise _too_many(header, int(header.width * header.height * (LARGE - 100 * MB) / max(header.buffered, 1)))
    return header


def scale_of(header: Header) -> int:
    """At which fraction of its size a JPEG is opened: 1, 2, 4 or 8, and never smaller than it is kept."""
    fits = max(header.width, header.height) / LONGEST_SIDE
    return next((scale for scale in (8, 4, 2) if header.format == "JPEG" and fits >= scale), 1)


def memory(header: Header) -> int:
    """Bytes that opening it and scaling it down take at most."""
    scale = scale_of(header)
    width, height = -(-header.width // scale), -(-header.height // scale)
    opened = width * height * header.pixel_bytes
    decoder = int(width * height * 16.5) - opened if header.format == "WEBP" else header.buffered
    factor = max(1, max(width, height) // LONGEST_SIDE)
    reduced = -(-width // factor) * -(-height // factor) * 4
    at_the_end = 3 * min(reduced, LONGEST_SIDE * LONGEST_SIDE * 4)  # scaling goes by way of a picture that is half done
    return max(opened + decoder, opened + reduced, reduced + at_the_end // 2) + len(header.picture) + _AROUND


def unreadable(original: bytes) -> Problem:
    """What to say of a file that is no photo that is taken: what it is, if that is known, and what to do."""
    kind = called(original)
    detail = _UNREADABLE.get(kind) or Localized(
        "This is a {kind} picture, which is not taken. Send it as JPEG, PNG or WebP.",
        "这是 {kind} 格式的图片，这里不收，请改用 JPEG、PNG 或 WebP 发送。",
        kind=kind,
    )
    return Problem("not_a_photo", 415, detail, **dict[str, Any]({"found": kind} if kind else {}))


def cut_off() -> Problem:
    """For a photo whose end is missing."""
    detail = Localized(
        "The photo is cut off: its end did not arrive. Send it again, where the connection is better.",
        "照片不完整，后半部分没有收到。请在网络较好的地方重新发送。",
    )
    return Problem("not_a_photo", 415, detail, found="cut off")


def too_heavy() -> Problem:
    """For a file too large to be looked at."""
    detail = Localized(
        "A photo may have {most} MB at most. {smaller}",
        "照片最大 {most} MB。{smaller}",
        most=MAX_BYTES // MB,
        smaller=_SMALLER,
    )
    return Problem("photo_too_large", 413, detail)


def _too_many(header: Header, most: int) -> Problem:
    name = {"WEBP": "WebP"}.get(header.format, header.format)
    kind = Localized(f"progressive {name}", f"渐进式 {name}") if header.buffered else name
    as_jpeg = Localized(
        " As JPEG it may have {most}.", "用 JPEG 可以有 {most} 百万像素。", most=MAX_PIXELS_OF["JPEG"] // 1_000_000
    )
    detail = Localized(
        "A {kind} may have {most} megapixels at most, this one has {has:,.0f}. {smaller}{other}",
        "{kind} 最多 {most} 百万像素，这一张有 {has:,.0f} 百万。{smaller}{other}",
        **{"kind": kind, "most": most // 1_000_000, "has": header.width * header.height / 1_000_000},
        **{"smaller": _SMALLER, "other": "" if header.format == "JPEG" else as_jpeg},
    )
    return Problem("photo_too_large", 413, detail)
