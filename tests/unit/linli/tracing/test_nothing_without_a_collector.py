"""Where no collector is named, nothing that makes or sends spans is imported."""

import json
import subprocess
import sys

import pytest
from pydantic import ValidationError

from linli.application.settings import WebSettings
from linli.tracing.under import UNDER, recorder_of
from linli.web.tracing import traceparent

GIVEN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
HEAVY = ("opentelemetry.sdk", "opentelemetry.exporter", "opentelemetry.proto", "google.protobuf", "requests")
"""FastAPI imports OpenTelemetry's API, whether anybody uses it or not; it is small."""
ASK = f"""
import json, sys
import {{service}}.main as main
from linli.application.settings import WebSettings
from linli.tracing.under import recorder_of
assert (recorder_of("x", "x", WebSettings(otlp_url={{url!r}})) is None) == ({{url!r}} is None)
print(json.dumps([name for name in sys.modules if name.startswith({HEAVY!r})]))
"""


def imported(service: str, url: str | None) -> list[str]:
    said = subprocess.run(
        [sys.executable, "-c", ASK.format(service=service, url=url)], check=True, capture_output=True, text=True
    )
    names: list[str] = json.loads(said.stdout.splitlines()[-1])
    return names


@pytest.mark.parametrize("service", ["intake", "workflow", "notify", "neighbourhood", "portal"])
def test_a_service_without_a_collector_imports_no_sdk(service: str) -> None:
    assert imported(service, None) == []


def test_one_with_a_collector_does() -> None:
    assert {"opentelemetry.sdk.trace", "google.protobuf", "requests"} <= {*imported("intake", "http://127.0.0.1:1")}


def test_without_a_collector_an_event_carries_what_the_caller_sent() -> None:
    assert recorder_of("intake", "here", WebSettings()) is None
    assert UNDER.get() is None
    assert traceparent({"traceparent": GIVEN}) == GIVEN
    assert traceparent({}) is None
    assert traceparent({"traceparent": "00-0-0-0"}) is None


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:4318",
        "grpc://127.0.0.1:4317",
        "http://",
        "http://user:secret@collector:4318",
        "http://collector:4318?key=secret",
        "collector",
    ],
)
def test_an_address_that_is_none_or_holds_a_password_stops_the_start(url: str) -> None:
    with pytest.raises(ValidationError):
        WebSettings(otlp_url=url)


def test_an_empty_address_says_nothing() -> None:
    assert WebSettings(otlp_url="").otlp_url is None
