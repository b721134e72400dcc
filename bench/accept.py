"""Accept: durable `POST /v1/submissions`, beside itself without storage and beside plainer services."""

from bench.figures import Figure
from bench.peers import FASTAPI_ALONE, FASTAPI_INSERT, FASTAPI_INSERT_SEND, WITHOUT_STORAGE, fastapi_plain
from bench.posting import Posted, post
from bench.run import Found, Run
from bench.sizes import Sizes
from bench.stage import Stage, stage_on
from linli.messaging.kafka import TopicSpec, apply_topics
from tests.support.servers import free_ports

PART = "accept"
OURS = "linli"
PEERS = {
    WITHOUT_STORAGE: ("bench.peers.without_storage",),
    FASTAPI_ALONE: ("bench.peers.fastapi_alone",),
    FASTAPI_INSERT: ("bench.peers.fastapi_plain", "insert"),
    FASTAPI_INSERT_SEND: ("bench.peers.fastapi_plain", "insert-and-send"),
}
PARTITIONS = 12
"""Of the peer's topic, as of intake's own."""


async def measure(run: Run) -> None:
    """All in turn; each waits until Linli has published what it took."""
    async with stage_on(run) as stage:
        urls = await _served(stage)
        for _ in run.rounds():
            for connections in run.sizes.connections:
                for name, url in urls.items():
                    _note(run.found, name, connections, await post(url, connections, run.sizes.seconds))
                    await published(stage)
            for connections in run.sizes.connections_alone:
                _note(run.found, OURS, connections, await post(urls[OURS], connections, run.sizes.seconds))
                await published(stage)


def _note(found: Found, name: str, connections: int, posted: Posted) -> None:
    found[PART, name, connections, "rate"].append(posted.rate)
    found[PART, name, connections, "p50"].append(posted.p50)
    found[PART, name, connections, "p99"].append(posted.p99)
    found[PART, name, connections, "failures"].append(posted.failures)


async def _served(stage: Stage) -> dict[str, str]:
    """The addresses of all, warm."""
    await stage.serve_intake()
    await apply_topics(stage.run.servers.kafka, [TopicSpec(stage.topic(fastapi_plain.TOPIC), PARTITIONS, {})])
    ports = {OURS: stage.ports["intake_port"]} | dict(zip(PEERS, free_ports(len(PEERS)), strict=True))
    for name, (module, *arguments) in PEERS.items():
        port = str(ports[name])
        await stage.serve(module, ports[name], "/readyz", *arguments, intake_port=port, peer_port=port)
    urls = {name: f"http://127.0.0.1:{port}/v1/submissions" for name, port in ports.items()}
    for url in urls.values():
        await post(url, 8, 1)
    await published(stage)
    return urls


async def published(stage: Stage) -> None:
    """Until intake has told Kafka of all that it has taken."""
    await stage.until(lambda: stage.all_sent("intake", "submissions"), pause=0.2)


def figures(found: Found, sizes: Sizes) -> list[Figure]:
    """Of each number of connections, and beside each peer."""
    asked = [*sizes.connections, *sizes.connections_alone]
    return [figure for connections in sorted(asked) for figure in _at(found, connections)]


def _at(found: Found, connections: int) -> list[Figure]:
    at = f"at {connections} connection{'s' * (connections > 1)}"

    def beside(name: str, unit: str, what: str, peer: str | None = None) -> Figure:
        return Figure(
            *(PART, name, unit, found[PART, OURS, connections, what]),
            peer,
            found[PART, peer, connections, what] if peer else (),
            failures=round(sum(found[PART, OURS, connections, "failures"])),
            peer_failures=round(sum(found[PART, peer, connections, "failures"])) if peer else 0,
        )

    peers: list[str | None] = [peer for peer in PEERS if found[PART, peer, connections, "rate"]]
    ours = zip(found[PART, OURS, connections, "p50"], found[PART, OURS, connections, "p99"], strict=True)
    return [
        *(beside(at, "requests/s", "rate", peer) for peer in peers or [None]),
        *(beside(f"{at}, p50", "ms", "p50", peer) for peer in peers or [None]),
        beside(f"{at}, p99", "ms", "p99"),
        Figure(PART, f"{at}, p99 / p50", "×", [p99 / p50 for p50, p99 in ours if p50]),
    ]
