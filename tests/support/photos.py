"""Photos as telephones, scanners and attackers make them; each is made here, small."""

import random
import struct
from io import BytesIO

from PIL import Image, ImageDraw

MPF = (
    b"\xff\xe2\x00\x58MPF\x00"
    + bytes.fromhex(
        "49492a0008000000030000b00700040000003031303001b00400010000000200000002b00700200000003200000000000000"
    )
    + b"\x00\x00\x03\x00"
    + b"\x00" * 28
)
"""A JPEG that has this behind its first two bytes says that it is two pictures."""


def scene(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Red above, blue below, with something to see in it."""
    picture = Image.new("RGB", (width, height), "red")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height // 2, width, height), fill="blue")
    chance = random.Random(7)
    for _ in range(40):
        at, size = (chance.randrange(width), chance.randrange(height)), chance.randrange(2, max(3, width // 8))
        draw.ellipse((*at, at[0] + size, at[1] + size), outline=(chance.randrange(256), 200, chance.randrange(256)))
    return picture.convert(mode)


def corners(width: int = 64, height: int = 48) -> Image.Image:
    """Each quarter has a colour of its own: which way up it is can be told."""
    picture = Image.new("RGB", (width, height), "red")
    for at, colour in (((1, 0), "lime"), ((0, 1), "blue"), ((1, 1), "white")):
        picture.paste(colour, (at[0] * width // 2, at[1] * height // 2, width if at[0] else width // 2, height))
    return picture


def jpeg(picture: Image.Image | None = None, **options: object) -> bytes:
    """A JPEG of a picture."""
    out = BytesIO()
    (picture or scene()).save(out, "JPEG", **options)
    return out.getvalue()


def many_scans(scans: int, two_pictures: bool = False, picture: Image.Image | None = None) -> bytes:
    """A progressive JPEG whose last scan comes again and again; if asked, one that says it is two pictures."""
    whole = jpeg(picture or scene(64, 48), progressive=True)
    last = whole.rindex(b"\xff\xda")
    head = whole[:2] + MPF + whole[2:last] if two_pictures else whole[:last]
    return head + whole[last:-2] * scans + whole[-2:]


def wide_gamut_profile() -> bytes:
    """A profile of a wider gamut than sRGB (linear, with the primaries of Display P3), as telephones embed one."""

    def fixed(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(*values: float) -> bytes:
        return b"XYZ \x00\x00\x00\x00" + b"".join(fixed(value) for value in values)

    curve = b"curv\x00\x00\x00\x00\x00\x00\x00\x01" + struct.pack(">H", int(2.2 * 256)) + b"\x00\x00"
    text = b"desc\x00\x00\x00\x00\x00\x00\x00\x05wide\x00" + b"\x00" * 79
    tags = {
        b"desc": text,
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.5151, 0.2412, -0.0011),
        b"gXYZ": xyz(0.2920, 0.6922, 0.0419),
        b"bXYZ": xyz(0.1571, 0.0666, 0.7841),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, content, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        padded = data + b"\x00" * (-len(data) % 4)
        table += name + struct.pack(">II", at + len(content), len(data))
        content += padded
    size = at + len(content)
    header = struct.pack(">I4sI4s4s4s", size, b"none", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    header += b"\x00" * 12 + b"acsp" + b"\x00" * 28 + fixed(0.9642) + fixed(1.0) + fixed(0.8249) + b"\x00" * 48
    return header + table + content
