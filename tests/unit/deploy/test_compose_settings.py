"""Every setting of a service can be set for docker compose from outside, or is here with the reason why not."""

import re
from pathlib import Path

import pytest
import yaml

from intake.settings import IntakeSettings
from linli.application.settings import WebSettings
from linli_cli.connection.settings import PROGRAMS, SERVICES
from neighbourhood.settings import NeighbourhoodSettings
from notify.settings import NotifySettings
from portal.settings import PortalSettings
from workflow.settings import WorkflowSettings

COMPOSE = yaml.safe_load((Path(__file__).parents[3] / "docker-compose.yml").read_text())
SETTINGS: dict[str, type[WebSettings]] = {
    "intake": IntakeSettings,
    "workflow": WorkflowSettings,
    "notify": NotifySettings,
    "neighbourhood": NeighbourhoodSettings,
    "portal": PortalSettings,
}
PORTS = [f"LINLI_{name.upper()}_PORT" for name in PROGRAMS]
URLS = [f"LINLI_{name.upper()}_URL" for name in SERVICES]
NOT_FROM_OUTSIDE = {
    "LINLI_HOST": "all addresses of the container",
    **dict.fromkeys(PORTS, "moves the port on the host"),
    **dict.fromkeys(URLS, "the containers' own names"),
    "LINLI_KAFKA_BOOTSTRAP": "LINLI_BROKERS, so that an address of the host's is not taken for one in containers",
    "LINLI_PARTNER_BOOTSTRAP": "LINLI_PARTNER_HOST and LINLI_PARTNER_PORT, which the broker advertises",
    "LINLI_MONGO_URI": "LINLI_MONGO_MEMBERS, as above",
    **dict.fromkeys(("LINLI_MONGO_USERNAME", "LINLI_MONGO_PASSWORD_FILE"), "each service has a user of its own"),
    **dict.fromkeys(("LINLI_KAFKA_USERNAME", "LINLI_KAFKA_PASSWORD_FILE"), "as above"),
    "LINLI_KAFKA_CA_FILE": "the services' listener is in the containers' own network",
    **dict.fromkeys(("LINLI_SECRETS_DIR", "LINLI_PORTAL_KEY_FILE"), "each service has a volume of its own"),
    "LINLI_TOPIC_PREFIX": "the containers have a broker of their own, so no other topics are to be told from theirs",
    "LINLI_PLAY_TIME": "for a demonstration on the embedded stack: nobody puts the clock ahead where people live",
    "LINLI_INSTANCE": "the container's name, which differs between replicas",
}


def variables(settings: type[WebSettings]) -> set[str]:
    return {f"LINLI_{name.upper()}" for name in settings.model_fields}


@pytest.mark.parametrize("service", SETTINGS)
def test_every_setting_is_passed_on_or_has_a_reason(service: str) -> None:
    given = COMPOSE["services"][service]["environment"]
    passed = {
        name for name, value in given.items() if value is None or re.match(rf"\$\{{{name}(:?-.*)?\}}$", str(value))
    }
    assert variables(SETTINGS[service]) - passed - set(NOT_FROM_OUTSIDE) == set()
    assert passed & set(NOT_FROM_OUTSIDE) == set()


@pytest.mark.parametrize("service", SETTINGS)
def test_nothing_is_passed_on_that_no_service_and_no_tool_reads(service: str) -> None:
    known = {name for settings in SETTINGS.values() for name in variables(settings)}
    known |= {"LINLI_MONGO_MEMBERS"}  # the tools'
    assert set(COMPOSE["services"][service]["environment"]) - known == set()


def test_the_reasons_are_of_settings_that_are_there() -> None:
    known = {name for settings in SETTINGS.values() for name in variables(settings)}
    assert set(NOT_FROM_OUTSIDE) - known == set()
