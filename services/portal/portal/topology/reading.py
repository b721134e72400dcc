"""Asks each process of a service how it is: `/readyz` and `/metrics`, which are open to whoever reaches its port."""

import asyncio
import math
import socket
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import httpx2
import structlog
from prometheus_client.parser import text_string_to_metric_families

from linli.web.calls import trusted
from portal.topology.domain.sample import Figures, ProcessSeen, figure, named

log = structlog.get_logger()

WITHIN = httpx2.Timeout(2.0)
WHOLE = 3.0
"""Seconds for a whole answer, however slowly it comes."""
MOST = 2_000_000
"""Bytes of an answer: a process has some hundred figures."""
KEPT: Mapping[str, frozenset[str]] = {
    "linli_consumer_lag": frozenset(),
    "linli_consumer_position": frozenset({"group", "partition", "topic"}),
    "linli_copy_heard_total": frozenset({"topic"}),
    "linli_group_members": frozenset(),
    "linli_http_answer_seconds_bucket": frozenset({"le"}),
    "linli_http_answers_total": frozenset({"status"}),
    "linli_http_calls_total": frozenset({"outcome", "to"}),
    "linli_http_helper_calls_total": frozenset({"by"}),
    "linli_inbox_applied_total": frozenset({"group"}),
    "linli_inbox_held": frozenset(),
    "linli_inbox_held_age_seconds": frozenset(),
    "linli_inbox_parked": frozenset(),
    "linli_inbox_parked_age_seconds": frozenset(),
    "linli_inbox_parked_by_reason": frozenset({"reason"}),
    "linli_inbox_parkings_total": frozenset({"group"}),
    "linli_intake_accepted_total": frozenset({"channel"}),
    "linli_intake_refused_total": frozenset(),
    "linli_members": frozenset({"state"}),
    "linli_mongodb_ping_seconds": frozenset(),
    "linli_mongodb_primary": frozenset(),
    "linli_notify_delivered_total": frozenset({"channel"}),
    "linli_notify_due": frozenset(),
    "linli_notify_failed_total": frozenset({"channel"}),
    "linli_notify_given_up": frozenset(),
    "linli_notify_party_deliveries_total": frozenset({"community", "outcome", "party"}),
    "linli_notify_partner_events_behind": frozenset({"community", "party"}),
    "linli_notify_partner_events_unread_seconds": frozenset(),
    "linli_notify_streams": frozenset(),
    "linli_outbox_publish_failed_total": frozenset(),
    "linli_outbox_published_total": frozenset({"topic"}),
    "linli_outbox_unsent": frozenset(),
    "linli_outbox_unsent_age_seconds": frozenset(),
    "linli_servers": frozenset({"server"}),
    "linli_servers_expected": frozenset({"server"}),
    "linli_service_info": frozenset({"member", "version"}),
    "linli_traffic_declared": frozenset({"how", "topic"}),
    "linli_workflow_partner_orders_unanswered": frozenset({"community", "party"}),
    "linli_workflow_partner_rights": frozenset({"community", "may", "party", "user"}),
    "linli_workflow_partner_updates_total": frozenset({"community", "outcome", "party"}),
    "process_resident_memory_bytes": frozenset(),
    "process_start_time_seconds": frozenset(),
}
"""The figures that the picture is made of, and the labels without which nothing can be said by one."""


def figures_of(text: str, lacking: Counter[str] | None = None) -> Figures:
    """Those of an answer in Prometheus' text format that are kept. What is not known, NaN, is left out.

    So is what lacks a label, as of a process of another version: in `lacking` that is counted, by metric.
    """
    found = {}
    for name, labels, value in _samples(text):
        if not labels.keys() >= KEPT.get(name, frozenset()):
            if lacking is not None:
                lacking[name] += 1
        elif math.isfinite(value):
            found[figure(name, **labels)] = value
    return found


def _samples(text: str) -> Iterator[tuple[str, Mapping[str, str], float]]:
    kept = "\n".join(line for line in text.splitlines() if _name(line) in KEPT)
    for family in text_string_to_metric_families(kept + "\n"):
        for sample in family.samples:
            yield sample.name, sample.labels, sample.value


def _name(line: str) -> str:
    return line.partition(" ")[0].partition("{")[0]


class Reader:
    """Asks the services at their addresses. Whoever makes it closes it."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        """`urls`: by service. A name that stands for several machines is several processes, each of which is asked."""
        self._urls = urls
        self._told: set[tuple[str, str]] = set()
        """The processes and metrics whose missing labels were told of."""
        self._client = httpx2.AsyncClient(timeout=WITHIN, trust_env=False, verify=trusted(), follow_redirects=False)

    async def close(self) -> None:
        await self._client.aclose()

    async def processes(self) -> Mapping[str, tuple[str, str]]:
        """`<service>@<host>:<port>` → the service, and where that one process is asked."""
        services = list(self._urls)
        found = await asyncio.gather(*(_addresses(self._urls[service]) for service in services))
        return {
            f"{service}@{urlsplit(url).netloc}": (service, url)
            for service, urls in zip(services, found, strict=True)
            for url in urls
        }

    async def figures(self, url: str) -> Figures | None:
        """Of one process; None where it does not answer."""
        answer = await self._get(url, "/metrics")
        if answer is None or answer.status_code != 200 or len(answer.content) > MOST:
            return None
        try:
            lacking: Counter[str] = Counter()
            figures = figures_of(answer.text, lacking)
        except ValueError:
            log.warning("metrics_unreadable", url=url)
            return None
        for name, count in lacking.items():
            if (url, name) not in self._told:
                self._told.add((url, name))
                log.warning("metrics_without_labels", url=url, metric=name, figures=count)
        return figures

    async def process(self, service: str, url: str, now: datetime) -> ProcessSeen | None:
        """One process as it is; None where it does not answer."""
        figures, ready = await asyncio.gather(self.figures(url), self._get(url, "/readyz"))
        if figures is None or ready is None:
            return None
        checks = _checks(ready)
        info: Mapping[str, str] = next(
            (labels for name, labels in map(named, figures) if name == "linli_service_info"), {}
        )
        return ProcessSeen(
            service=service,
            heard=now,
            ready=ready.status_code == 200,
            checks=tuple(checks),
            lacks=tuple(name for name, said in checks.items() if said != "ok"),
            member=info.get("member", ""),
            version=info.get("version", ""),
            started=figures.get("process_start_time_seconds", 0.0),
            figures=figures,
        )

    async def _get(self, url: str, path: str) -> httpx2.Response | None:
        try:
            async with asyncio.timeout(WHOLE):
                return await self._client.get(f"{url}{path}")
        except (httpx2.HTTPError, TimeoutError):
            return None


def _checks(ready: httpx2.Response) -> Mapping[str, str]:
    try:
        said = ready.json()["checks"]
        return {str(name): str(reason) for name, reason in said.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


async def _addresses(url: str) -> Sequence[str]:
    """One address for each machine that a name stands for; the name itself where that is not known, or TLS needs it."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if parts.scheme != "http" or parts.path not in {"", "/"}:
        return [url.rstrip("/")]
    try:
        async with asyncio.timeout(1):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError):
        return [url.rstrip("/")]
    hosts = sorted({str(address[0]) for family, _, _, _, address in found if family == socket.AF_INET})
    return [f"http://{each}:{port}" for each in hosts] or [url.rstrip("/")]
