"""Changed copies of frozen values."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:  # mypy knows this one, and checks the names and types of what is changed
    from dataclasses import replace as replace  # noqa: PLC0414
else:

    def replace(value: T, /, **changes: Any) -> T:
        """As `dataclasses.replace`, in six tenths of the time: a case has thirty fields, and is made anew ten times."""
        cls = type(value)
        all_of, places = _shape(cls)
        values = list(all_of(value))
        for name, new in changes.items():
            values[places[name]] = new
        return cls(*values)


@cache
def _shape(cls: type) -> tuple[Callable[[Any], tuple[Any, ...]], Mapping[str, int]]:
    """What reads all fields of a dataclass in their order, and the place of each."""
    names = [each.name for each in fields(cls)]
    assert all(each.init and not each.kw_only for each in fields(cls)), f"{cls.__name__} cannot be made of its fields"
    read = attrgetter(*names)
    return (read if len(names) > 1 else lambda value: (read(value),)), {name: n for n, name in enumerate(names)}
