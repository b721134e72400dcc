"""Numbers in cells: ids that a spreadsheet has rounded, and coordinates."""

import math
import re

from linli_cli.importing.tables.rows import FromNumber
from linli_cli.terminal.language import say, sentence

EXACT = 2**53
"""From here on a spreadsheet's numbers are rounded; Excel itself keeps fifteen digits."""
_SCIENTIFIC = re.compile(r"[-+]?\d(?:\.\d+)?[Ee][+]?\d{1,3}", re.ASCII)
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|GETTING_DATA)|#{3,}")
_WAY_OUT = sentence(
    "format the column as text in the spreadsheet, enter the numbers anew from their source, and save again"
)


class Spoilt(Exception):
    """A spreadsheet has put something else in the place of what stood in a cell; the message says what to do."""


def whole(cell: str) -> str:
    """The id in a cell. Raises `Spoilt` where a spreadsheet has rounded it: others would have the same."""
    if isinstance(cell, FromNumber):
        number = float(cell)
        if abs(number) >= EXACT:
            raise Spoilt(
                say(
                    "the id {cell} is a number in the sheet, of which Excel has rounded the last digits; {way_out}",
                    cell=cell,
                    way_out=say(_WAY_OUT),
                )
            )
    elif _SCIENTIFIC.fullmatch(cell):
        raise Spoilt(
            say(
                "the id {cell} is what Excel makes of a long number, and the other digits are lost; {way_out}",
                cell=cell,
                way_out=say(_WAY_OUT),
            )
        )
    return unspoilt(cell)


def unspoilt(cell: str) -> str:
    """The text of a cell. Raises `Spoilt` for the words by which a spreadsheet says that it has none."""
    if _ERROR.fullmatch(cell):
        raise Spoilt(
            say(
                "'{cell}' is a spreadsheet's error and not what stood there; mend the formula or the width",
                cell=cell[:40],
            )
        )
    return cell


def rounded_perhaps(id_: str) -> bool:
    """Whether a long number ends as Excel leaves those that it has cut to fifteen digits."""
    return re.fullmatch(r"\d{15}0+", id_, re.ASCII) is not None


def degrees(cell: str) -> float | None:
    """A coordinate; None where there is none."""
    text = cell.strip().rstrip("°").replace("−", "-")
    if re.fullmatch(r"[-+]?\d+,\d+", text):
        text = text.replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
