"""A drawing of an entrance that a building site's fence stands in front of, and of the same once it has moved."""

from PIL import Image, ImageDraw

SIZE = (960, 720)
SKY, WALL, ROOF, DOOR, GROUND, PATH = "#cfe3f2", "#e3d4bd", "#8c6d5a", "#5b4636", "#9aa39a", "#c9c4b8"
PANE, BOARD, STRIPE, POST = "#7fa3bd", "#e8892b", "#fff3df", "#6b6b6b"


def entrance(*, fenced: bool) -> Image.Image:
    """The fence stands across the door, or off to the side."""
    picture = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 560, *SIZE), fill=GROUND)
    draw.polygon(((400, 560), (560, 560), (700, 720), (260, 720)), fill=PATH)
    draw.rectangle((140, 120, 820, 560), fill=WALL)
    draw.rectangle((110, 90, 850, 130), fill=ROOF)
    for left in (190, 330, 560, 700):
        for top in (170, 300):
            draw.rectangle((left, top, left + 80, top + 80), fill=PANE, outline=ROOF, width=5)
    draw.rectangle((415, 390, 545, 560), fill=DOOR)
    draw.line((480, 390, 480, 560), fill=WALL, width=4)
    _fence(draw, 250 if fenced else 730, 5 if fenced else 2)
    return picture


def _fence(draw: ImageDraw.ImageDraw, left: int, boards: int) -> None:
    for n in range(boards):
        x = left + n * 96
        draw.rectangle((x, 440, x + 88, 640), fill=BOARD)
        for y in range(450, 630, 60):
            draw.polygon(((x, y + 30), (x + 88, y), (x + 88, y + 24), (x, y + 54)), fill=STRIPE)
        draw.rectangle((x + 88, 425, x + 96, 655), fill=POST)
