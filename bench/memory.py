"""Memory: what each service holds during many events, and intake after many photos made to hurt who decodes them."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice

import httpx2

from bench import deliver, material
from bench.figures import Figure
from bench.goals import SERVICES
from bench.highest import Queues
from bench.peers import EARLIER_HALF
from bench.posting import post
from bench.run import Found, Run
from bench.sizes import Sizes
from bench.stage import Stage, megabytes, stage_on
from tests.support.hostile import hostile_files
from tests.support.photos import jpeg, many_scans, scene
from tests.support.servers import free_ports

PART = "memory"
MOST_QUEUED = 5_000
"""With more than this waiting between the services no more is posted: a queue is not what is measured."""
PHOTOS_EACH = 8
"""To one submission; it keeps ten at most."""
PHOTOS_TOGETHER = 4
FOR_PHOTOS = 2.0
"""Of the part's minutes."""


async def measure(run: Run) -> None:
    """From HTTP to webhooks until there were so many events, or the time for it is over; then the photos."""
    http, smtp = free_ports(2)
    async with stage_on(run, webhook=f"http://127.0.0.1:{http}/") as stage:
        stage.given |= {"photos_per_address": "0", "photos_per_day": "0"}
        await deliver.open_sinks(stage, http, smtp)
        queues = await Queues.at_rest(stage)
        services = await stage.serve_all()
        await post(_url(stage), 8, 1)
        await queues.drained()

        async def sample(name: str) -> None:
            while True:
                for service, process in services.items():
                    run.found[PART, name, service].append(megabytes(process))
                await asyncio.sleep(0.5)

        for name, work in (("events", _events), ("photos", _photos)):
            sampling = asyncio.create_task(sample(name))
            try:
                await work(queues)
                await asyncio.sleep(1)  # the last sample is of a service at rest
            finally:
                sampling.cancel()


def _url(stage: Stage) -> str:
    return f"{stage.given['intake_url']}/v1/submissions"


async def _events(queues: Queues) -> None:
    stage, run = queues.stage, queues.stage.run
    over = run.begun + (run.sizes.minutes_of(PART) - FOR_PHOTOS) * 60

    async def few_wait() -> bool:
        return max((await queues.now()).values()) <= MOST_QUEUED

    while await _count(stage) < run.sizes.remembered and time.monotonic() < over:
        await post(_url(stage), 64, run.sizes.seconds)
        await stage.until(few_wait, pause=0.5)
    await queues.drained()
    run.found[PART, "events"].append(await _count(stage))


async def _count(stage: Stage) -> int:
    """Submissions, and all events that came of them."""
    found = (("intake", "submissions"), ("workflow", "events"), ("notify", "events"))
    return sum([await stage.database(service)[name].estimated_document_count() for service, name in found])


async def _photos(queues: Queues) -> None:
    stage, sizes = queues.stage, queues.stage.run.sizes
    over = stage.run.begun + sizes.minutes_of(PART) * 60
    key = (stage.run.servers.secrets_dir / "operator.key").read_text().strip()
    files = islice(cycle(await asyncio.to_thread(_hostile)), sizes.photos)
    answers: Counter[int] = Counter()
    async with httpx2.AsyncClient(trust_env=False, timeout=120, headers={"Authorization": f"Bearer {key}"}) as http:

        async def hand_in(photos: Iterator[bytes]) -> None:
            while time.monotonic() < over and (part := list(islice(photos, PHOTOS_EACH))):
                taken = (await http.post(_url(stage), json=material.bodies()[0])).raise_for_status().json()
                for photo in part:
                    form = [("photo", ("photo.jpg", photo, "image/jpeg"))]
                    answer = await http.post(f"{_url(stage)}/{taken['id']}/attachments", files=form)
                    answers[answer.status_code] += 1

        async with asyncio.TaskGroup() as tasks:
            for _ in range(PHOTOS_TOGETHER):
                tasks.create_task(hand_in(files))
    stage.run.say(f"hostile photos: {', '.join(f'{n} × {status}' for status, n in sorted(answers.items()))}")
    stage.run.found[PART, "photos"].append(answers.total())


def _hostile() -> list[bytes]:
    """Files that are no photos, bombs, endless scans, and for every two of each a photo as large as telephones make."""
    refused = [photo for photo, _ in hostile_files()]
    return [*refused, many_scans(2_000), *refused, many_scans(2_000, two_pictures=True), jpeg(scene(6_000, 4_000))]


def figures(found: Found, sizes: Sizes) -> list[Figure]:
    """What each took at most, and whether it goes on to grow; the names say during how many events."""
    counted = round(next(iter(found[PART, "events"]), 0))
    events = f"{sizes.remembered if counted >= sizes.remembered else counted:,} events"
    hostile = f"{round(next(iter(found[PART, 'photos']), 0)):,} hostile photos"
    intake = found[PART, "photos", "intake"]
    return [
        *(figure for service in SERVICES for figure in _during(service, found[PART, "events", service], events)),
        Figure(PART, f"intake, at most with {hostile}", "MB", [max(intake)] if intake else []),
        Figure(PART, f"intake, after {hostile}", "MB", intake[-1:], "before", intake[:1]),
    ]


def _during(service: str, samples: list[float], events: str) -> list[Figure]:
    if len(samples) < 2:
        return []
    earlier, later = max(samples[: len(samples) // 2]), max(samples[len(samples) // 2 :])
    return [
        Figure(PART, f"{service}, at most during {events}", "MB", [max(earlier, later)]),
        Figure(PART, f"{service}, later half of {events}", "MB", [later], EARLIER_HALF, [earlier]),
    ]
