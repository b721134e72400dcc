"""A run of the bench: what one part does wrong takes no figure from the others, nor those that it had."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from bench import accept, apply, deadlines, deliver, end_to_end, growth, memory, orders, pages, renewal
from bench.figures import Figure
from bench.goals import GOALS, MILLION, State, judged
from bench.run import Found, Memory, Run, measure, memory_figures
from bench.sizes import PARTS, Sizes, full
from tests.support.servers import Servers


@dataclass
class Scripted:
    """A part whose rounds are written down: a number is found, an error raised."""

    name: str
    rounds: Sequence[float | Exception]
    seconds: float = 0.0

    async def measure(self, run: Run) -> None:
        for each in self.rounds:
            await asyncio.sleep(self.seconds)
            if isinstance(each, Exception):
                raise each
            run.found[self.name, "rate"].append(each)

    def figures(self, found: Found, _sizes: Sizes) -> list[Figure]:
        return [
            Figure(self.name, "rate", "things/s", found[self.name, "rate"]),
            Figure(self.name, "delay", "ms", found[self.name, "delay"]),
        ]


def a_run(sizes: Sizes | None = None) -> Run:
    return Run(cast(Servers, None), Path(), sizes or Sizes())


def of(*parts: Scripted) -> dict[str, Callable[[], Any]]:
    return {part.name: lambda part=part: part for part in parts}  # type: ignore[misc]


def test_a_part_that_fails_is_named_and_leaves_its_own_figures_and_those_of_the_others() -> None:
    run, kept = a_run(), list[list[tuple[str, float | None]]]()

    def keep(figures: Sequence[Figure]) -> None:
        kept.append([(each.part, each.value) for each in figures])

    parts = of(Scripted("first", [1.0]), Scripted("second", [2.0, ValueError("two answers")]), Scripted("third", [3.0]))
    measure(run, parts, keep)
    assert kept == [
        [("first", 1.0)],
        [("first", 1.0), ("second", 2.0)],
        [("first", 1.0), ("second", 2.0), ("third", 3.0)],
    ]
    assert run.failed == {"second": "ValueError: two answers"}


def test_a_part_that_cannot_even_be_loaded_fails_alone() -> None:
    def broken() -> Any:
        raise ImportError("no such name")

    run = a_run()
    figures = measure(run, {"first": broken, **of(Scripted("second", [2.0]))}, lambda _: None)
    assert [(each.part, each.value) for each in figures] == [("second", 2.0)]
    assert run.failed == {"first": "ImportError: no such name"}


def test_a_part_that_hangs_is_ended_and_the_next_goes_on() -> None:
    run = a_run(Sizes(minutes={"slow": 0.0001, "quick": 1}))
    figures = measure(run, of(Scripted("slow", [1.0], seconds=60), Scripted("quick", [2.0])), lambda _: None)
    assert [(each.part, each.value) for each in figures] == [("quick", 2.0)]
    assert run.failed == {"slow": "TimeoutError"}


def test_what_several_tasks_of_a_part_raise_is_told_in_a_line() -> None:
    run = a_run()
    group = ExceptionGroup("tasks", [ValueError("one\nmore of it"), OSError()])
    measure(run, of(Scripted("first", [group])), lambda _: None)
    assert run.failed == {"first": "ValueError: one; OSError"}


@pytest.mark.parametrize(("minutes", "rounds"), [(0.0, [0]), (60.0, [0, 1, 2])])
def test_a_part_whose_minutes_are_over_begins_no_further_round(minutes: float, rounds: list[int]) -> None:
    run = a_run(Sizes(rounds=3, minutes={"accept": minutes}))
    run.part = "accept"
    assert list(run.rounds()) == rounds


def test_the_parts_of_a_run_have_room_in_35_minutes_and_of_a_full_one_in_97() -> None:
    for sizes, most in ((Sizes(), 35), (full(), 97)):
        assert sum(sizes.minutes_of(part) for part in PARTS) < most


def test_memory_is_told_of_each_service_in_each_part_and_at_most_in_all() -> None:
    taken = {"accept": [Memory("intake", 80, 90), Memory("intake", 84, 86)], "apply": [Memory("workflow", 70, 110)]}
    assert {(each.part, each.name): each.value for each in memory_figures(taken)} == {
        ("accept", "intake, memory at the end"): 82,
        ("accept", "intake, memory at most"): 90,
        ("apply", "workflow, memory at the end"): 70,
        ("apply", "workflow, memory at most"): 110,
        ("all parts", "intake, memory at most"): 90,
        ("all parts", "workflow, memory at most"): 110,
    }


class Everything(Found):
    """A run that has found something of everything that is asked for."""

    def __missing__(self, key: tuple[Any, ...]) -> list[float]:
        return [float(MILLION)] * 2


def everything(sizes: Sizes) -> list[Figure]:
    modules = (accept, apply, deliver, end_to_end, deadlines, growth, memory, orders, pages, renewal)
    found = Everything(list)
    found["memory", "photos"] = [1_000.0]
    services = [Memory(each, 1, 1) for each in ("intake", "workflow", "notify")]
    return [figure for module in modules for figure in module.figures(found, sizes)] + memory_figures({"any": services})


def test_a_full_run_has_a_figure_for_each_goal() -> None:
    assert [each.goal for each in judged(GOALS, everything(full())) if each.state is State.NOT_MEASURED] == []


def test_a_run_without_a_million_cases_and_events_says_that_their_goals_were_not_measured() -> None:
    verdicts = judged(GOALS, everything(Sizes()))
    unmeasured = {each.goal.name for each in verdicts if each.state is State.NOT_MEASURED}
    assert unmeasured == {goal.name for goal in GOALS if "1,000,000" in goal.name}


def test_a_module_is_there_for_each_part_that_can_be_asked_for() -> None:
    named = {
        each.PART for each in (accept, apply, deliver, end_to_end, deadlines, growth, memory, orders, pages, renewal)
    }
    assert named == set(PARTS)
