"""deploy/compose.cluster.yml: whoever asks a service, Kafka or MongoDB in the cluster knows of all that there are."""

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
ASK_NEITHER = {"secrets", "mail", "mongo-keyfile"}
"""They have the tools' settings and go by none of these."""
CLUSTER = yaml.safe_load((ROOT / "deploy/compose.cluster.yml").read_text().replace("!override", ""))["services"]
SECONDS = sorted(name for name in CLUSTER if name.endswith("-2") and "networks" in CLUSTER[name])


@pytest.mark.parametrize("name", SECONDS)
def test_the_second_of_a_service_answers_to_the_name_of_the_first(name: str) -> None:
    first = name.removesuffix("-2")
    assert CLUSTER[name]["extends"]["service"] == first
    assert CLUSTER[name]["networks"] == {"default": {"aliases": [first]}}


def test_there_is_a_second_of_each_service() -> None:
    assert SECONDS == ["intake-2", "neighbourhood-2", "notify-2", "workflow-2"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_whoever_reaches_kafka_or_mongodb_is_told_of_all_three(name: str) -> None:
    given = SERVICES[name].get("environment") or {}
    for variable in ("LINLI_KAFKA_BOOTSTRAP", "LINLI_MONGO_URI"):
        if variable in given and name not in ASK_NEITHER:
            assert CLUSTER[name]["environment"][variable].count(",") == 2, (name, variable)
