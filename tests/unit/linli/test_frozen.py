"""Our way to change a frozen value makes what dataclasses' own makes."""

import dataclasses
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.frozen import replace


@dataclass(frozen=True, slots=True)
class Three:
    one: int
    two: str = "two"
    three: tuple[int, ...] = ()


@dataclass(frozen=True)
class Lone:
    only: int


CHANGES = st.fixed_dictionaries(
    {}, optional={"one": st.integers(), "two": st.text(), "three": st.tuples(st.integers())}
)


@given(CHANGES)
def test_it_is_as_the_library_has_it(changes: dict[str, object]) -> None:
    before = Three(1)
    assert replace(before, **changes) == dataclasses.replace(before, **changes)  # type: ignore[arg-type]
    assert before == Three(1)


def test_a_value_of_one_field_can_be_changed_too() -> None:
    assert replace(Lone(1), only=2) == Lone(2)


def test_what_is_no_field_is_refused() -> None:
    with pytest.raises(KeyError):
        replace(Three(1), four=4)  # type: ignore[call-arg]
