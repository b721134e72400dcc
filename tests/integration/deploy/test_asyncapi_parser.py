"""The AsyncAPI documents, read by the parser that AsyncAPI's own tools are built on (npm, for this test alone)."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from linli.contracts.asyncapi import for_partner, in_yaml, whole
from linli.contracts.asyncapi.__main__ import REPOSITORY

PARSER = "@asyncapi/parser@3.6.6"
Parse: TypeAlias = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def parse(tmp_path_factory: pytest.TempPathFactory) -> Parse:
    """Parses documents; the exit code is 1 where one is not sound."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("there is no node or npm here: nothing has parsed the AsyncAPI documents")
    folder = tmp_path_factory.mktemp("parser")
    fetch = [npm, "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact"]
    subprocess.run([*fetch, PARSER], check=True, timeout=240, capture_output=True)
    script = Path(__file__).with_name("asyncapi.mjs")

    def run(*documents: Path) -> "subprocess.CompletedProcess[str]":
        command = [node, str(script), str(folder), *map(str, documents)]
        return subprocess.run(command, check=False, timeout=120, capture_output=True, text=True)

    return run


def test_the_parser_finds_nothing_wrong_and_leaves_no_schema_unchecked(parse: Parse, tmp_path: Path) -> None:
    partner = tmp_path / "partner.yaml"
    partner.write_text(for_partner("fushan-road", "water-company", "kafka.linli.example:9094"))
    found = parse(REPOSITORY / "docs" / "asyncapi.yaml", partner)
    assert found.returncode == 0, found.stdout + found.stderr
    assert found.stdout.count(" 0 faults") == 2


def test_what_is_wrong_is_found(parse: Parse, tmp_path: Path) -> None:
    document = whole()
    document["components"]["messages"]["update"]["payload"] = {
        "schemaFormat": "application/schema+json;version=draft-2020-12",
        "schema": {"type": "object"},
    }
    unchecked = tmp_path / "unchecked.yaml"
    unchecked.write_text(in_yaml(document))
    document = whole()
    document["components"]["schemas"]["Update"]["properties"]["did"] = {"$ref": "#/$defs/Did"}
    dangling = tmp_path / "dangling.yaml"
    dangling.write_text(in_yaml(document))
    assert (parse(unchecked).returncode, parse(dangling).returncode) == (1, 1)
