"""Accept: durable `POST /v1/submissions`, beside the same route without storage and beside one insert a request."""

from collections import defaultdict
from pathlib import Path

from bench.figures import Figure
from bench.posting import Posted, post
from bench.stage import Sizes, Stage, stage_on
from tests.support.servers import Servers, free_ports


async def measure(servers: Servers, logs: Path, sizes: Sizes) -> list[Figure]:
    """The three run in turn; each waits until the one before has published what it took."""
    found: dict[tuple[str, int], list[Posted]] = defaultdict(list)
    async with stage_on(servers, logs) as stage:
        urls = await _served(stage)
        for _ in range(sizes.rounds):
            for connections in sizes.connections:
                for name, url in urls.items():
                    found[name, connections].append(await post(url, connections, sizes.seconds))
                    await published(stage)
    return [figure for connections in sizes.connections for figure in _figures(found, connections)]


async def _served(stage: Stage) -> dict[str, str]:
    """The addresses of the three, warm."""
    bare, plain = free_ports(2)
    await stage.serve_intake()
    await stage.serve("bench.peers.without_storage", bare, intake_port=str(bare))
    await stage.serve("bench.peers.insert_one", plain, peer_port=str(plain))
    ports = {"linli": stage.ports["intake_port"], "a": bare, "b": plain}
    urls = {name: f"http://127.0.0.1:{port}/v1/submissions" for name, port in ports.items()}
    for url in urls.values():
        await post(url, 8, 1)
    await published(stage)
    return urls


async def published(stage: Stage) -> None:
    """Until intake has told Kafka of all that it has taken."""

    async def none_unsent() -> bool:
        return await stage.database("intake").submissions.count_documents({"unsent_since": {"$exists": True}}) == 0

    await stage.until(none_unsent, pause=0.2)


def _figures(found: dict[tuple[str, int], list[Posted]], connections: int) -> list[Figure]:
    ours = found["linli", connections]
    rates = {name: [each.rate for each in found[name, connections]] for name in ("linli", "a", "b")}
    is_goal = connections == 64
    at = f"at {connections} connection{'s' * (connections > 1)}"
    limit, peer = "without storage (a)", "FastAPI, insert_one (b)"
    return [
        Figure("accept", at, "requests/s", rates["linli"], limit, rates["a"], at_least=0.4 if is_goal else None),
        Figure("accept", at, "requests/s", rates["linli"], peer, rates["b"], at_least=1.5 if is_goal else None),
        Figure("accept", f"{at}, p50", "ms", [o.p50 for o in ours], at_most=15 if connections == 1 else None),
        Figure("accept", f"{at}, p99", "ms", [o.p99 for o in ours], at_most=100 if is_goal else None),
    ]
