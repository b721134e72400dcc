"""The topology as a face: the sampler, the window of the last minutes, its routes and pages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from linli.application.context import Module
from linli.application.settings import SettingsError
from linli.contracts.topics import AS_DECLARED, Otherwise
from linli.messaging.kafka import Observer
from linli.web.signals import Fanout, Pace
from portal.face import FaceKit
from portal.settings import SERVICES
from portal.topology.api import routes
from portal.topology.domain.declared import Declared, by_contracts
from portal.topology.given import Topology
from portal.topology.pages import routes as pages
from portal.topology.reading import Reader
from portal.topology.sampler import Sampler
from portal.topology.store import TopologyStore
from portal.topology.window import Window

PROGRAMS = ("portal", *SERVICES)


def module(kit: FaceKit) -> Module:
    settings = kit.settings
    file = settings.topics_file
    declared = _declared(settings.topic_prefix, file, named=settings.kafka.login is not None)
    store = TopologyStore(kit.database)
    pace = Pace(settings.stream_connections, settings.stream_connections_per_address, settings.stream_ping)
    viewers = Fanout(pace)
    window = Window(store, declared, kit.clock.now, viewers)
    reader = Reader({"portal": _own_url(settings.host, settings.portal_port), **settings.service_urls})
    observer = Observer(settings.kafka)
    sampler = Sampler(kit.database, store, declared, observer, reader, kit.member, kit.clock.now)
    return Module(
        routes=[routes, pages],
        provides=[Topology(store, window, declared, kit.clock.now, settings.timezone, _text(file))],
        background={"topology": sampler.run, "topology_window": window.run},
        close=[observer.close, reader.close],
        stopping=[viewers.close],
    )


def _own_url(host: str, port: int) -> str:
    """Where this process asks itself, as it does the others."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _declared(prefix: str, file: Path | None, *, named: bool = False) -> Declared:
    """Raises `SettingsError` for a file that cannot be read."""
    if file is None:
        return by_contracts(prefix, PROGRAMS, named=named)
    try:
        said: Any = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        own = {str(name): _otherwise(each) for name, each in (said.get("topics") or {}).items()}
        groups = map(str, said.get("groups") or {})
        return by_contracts(prefix, PROGRAMS, _otherwise(said.get("defaults")), own, own_groups=groups, named=named)
    except (OSError, yaml.YAMLError, AttributeError, TypeError, ValueError) as error:
        raise SettingsError(f"LINLI_TOPICS_FILE: {file} cannot be read: {type(error).__name__}") from error


def _text(file: Path | None) -> str | None:
    """As it was read at the start; whoever changes it starts the portal anew."""
    return file.read_text(encoding="utf-8") if file else None


def _otherwise(said: Mapping[str, Any] | None) -> Otherwise:
    if not said:
        return AS_DECLARED
    partitions = said.get("partitions")
    config = {str(name): str(value) for name, value in (said.get("config") or {}).items()}
    return Otherwise(partitions=None if partitions is None else int(partitions), config=config)
