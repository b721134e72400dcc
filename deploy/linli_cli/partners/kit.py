"""`linli partners kit`: the folder that an office hands over to a partner, with all that its program needs."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from linli.contracts.asyncapi.documents import for_partner, partner_schemas
from linli_cli.connection.client import Client
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say

CA = "partner-ca.crt"
API_KEY, OPEN311_KEY, PASSWORD, WEBHOOK_SECRET = "api.key", "open311.key", "secret", "webhook.secret"
LABEL = "kit.json"
"""Whose kit it is, and which files are its."""
TIME_LEFT = timedelta(days=30)
SECRET = frozenset({API_KEY, OPEN311_KEY, PASSWORD, WEBHOOK_SECRET})
SAMPLES = ("sample.py", "Sample.java", "pom.xml")
BY_HTTP = ("pull", "webhook", "open311")


@dataclass(frozen=True)
class Kit:
    """Files by their names; those in `SECRET` only their owner may read."""

    contents: Mapping[str, str]

    def write(self, to: Path) -> list[str]:
        """Write all, and take away what an earlier kit had and this one has not; the names of all.

        Raises CliError where it cannot.
        """
        try:
            to.mkdir(mode=0o700, parents=True, exist_ok=True)
            for gone in set(before_in(to).get("files", ())) - set(self.contents):
                (to / gone).unlink(missing_ok=True)
            for name, content in self.contents.items():
                path = to / name
                path.parent.mkdir(exist_ok=True)
                mode = 0o600 if name in SECRET else 0o644
                aside = path.with_name(f".{path.name}.new")
                descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(content)
                aside.chmod(mode)
                aside.replace(path)
        except OSError as error:
            raise CliError(f"{to}: {of_file(error)}.", say("Name another directory, or mend its rights.")) from error
        return list(self.contents)


def before_in(folder: Path) -> dict[str, Any]:
    """What a kit that is there already says of itself; empty where none is."""
    try:
        found: dict[str, Any] = json.loads((folder / LABEL).read_text())
    except (OSError, ValueError):
        return {}
    return found


async def collected(client: Client, partner: Mapping[str, Any], name: str, to: Path) -> Kit:
    """What this partner's program needs, by the ways that it has.

    `to` is where a kit may be already: its API key stays if it still counts. Raises CliError for another's folder.
    """
    before, whose = before_in(to), f"{partner['community']}/{partner['party']}"
    if before.get("partner", whose) != whose or (not before and (to / API_KEY).exists()):
        raise CliError(
            say("{directory} holds the kit of another partner, or no kit.", directory=to),
            say("Choose another directory: the keys in it are not {party}'s.", party=partner["party"]),
        )
    contents: dict[str, str] = {}
    label: dict[str, Any] = {"partner": whose}
    if "kafka" in partner["ways"]:
        contents |= await _for_kafka(client, partner, name)
    if any(way in partner["ways"] for way in BY_HTTP):
        of_http, label["keys"] = await _for_http(client, partner, name, before.get("keys", {}), to)
        contents |= of_http
    if not contents:
        raise CliError(
            say("{party} has no way to take part yet.", party=partner["party"]),
            say("Give it one: linli partners add {party} --kafka (or --pull, --webhook URL)", party=partner["party"]),
        )
    contents |= {f"schemas/{each}.json": _json(schema) for each, schema in partner_schemas().items()}
    label["files"] = sorted(contents)
    return Kit(contents | {LABEL: _json(label)})


async def _for_kafka(client: Client, partner: Mapping[str, Any], name: str) -> dict[str, str]:
    community, party = partner["community"], partner["party"]
    credentials = await client.get("workflow", f"/v1/partners/{community}/{party}/credentials")
    prefix = credentials["topics"]["orders"].partition(".partner.")[0]
    document = for_partner(community, party, credentials["bootstrap"], prefix=prefix)
    names = {
        "name": name,
        "party": party,
        "community": community,
        "office": f"linli partners test {party} --community {community}",
    }
    return {
        "README.md": _sample("README.md").format_map(names),
        "client.properties": _properties(credentials),
        PASSWORD: f"{credentials['password']}\n",
        CA: _authority(client),
        "asyncapi.yaml": document,
        **{each: _sample(each) for each in SAMPLES},
    }


def _authority(client: Client) -> str:
    path = client.target.secret_to_read(CA)
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CliError(
            f"{path}: {of_file(error)}.", say("The partners' authority is needed here: LINLI_SECRETS_DIR says where.")
        ) from error


async def _for_http(
    client: Client, partner: Mapping[str, Any], name: str, before: Mapping[str, str], to: Path
) -> tuple[dict[str, str], dict[str, str]]:
    """The files, and the ids of the API keys among them; `before` has those of an earlier kit."""
    community, party = partner["community"], partner["party"]
    portal = client.target.faces.get("portal")
    if "open311" in partner["ways"] and portal is None:
        raise CliError(
            say("LINLI_PORTAL_URL does not say where the portal is"),
            say("With LINLI_TARGET=addresses every address is a variable: docs/cli.md lists them."),
        )
    where = {**client.target.urls, "portal": portal or "-"}
    names = {"name": name, "party": party, "community": community, **where}
    contents = {"HTTP.md": _sample("HTTP.md").format_map(names)}
    common = {"name": key_name(community, party), "expires_in_days": 366}
    wanted = {API_KEY: common | {"role": "party", "party": party, "community": community}}
    if "open311" in partner["ways"]:  # it submits, as programs of others do: nobody's orders are open to it
        wanted[OPEN311_KEY] = common | {"role": "service", "channels": ["open311"], "communities": [community]}
    ids = {}
    for file, key in wanted.items():
        kept = _kept(to / file) if (id := before.get(file)) and await _counts(client, id) else None
        ids[file], contents[file] = (str(id), kept) if kept else await _made(client, key)
    if "webhook" in partner["ways"]:
        secret = await client.get("notify", f"/v1/endpoints/{community}/{party}/secret")
        contents[WEBHOOK_SECRET] = f"{secret['secret']}\n"
    return contents, ids


async def _made(client: Client, wanted: Mapping[str, Any]) -> tuple[str, str]:
    """Id and content of a new API key."""
    made = await client.post("workflow", "/v1/keys", wanted)
    return str(made["id"]), f"{made['key']}\n"


def _kept(file: Path) -> str | None:
    return file.read_text() if file.exists() else None


async def _counts(client: Client, key: str) -> bool:
    """Whether a key was not revoked, and has a month left."""
    keys = {each["id"]: each for each in (await client.get("workflow", "/v1/keys"))["items"]}
    found = keys.get(key)
    if found is None or found["revoked_at"]:
        return False
    return datetime.fromisoformat(found["expires_at"]) - datetime.now(UTC) > TIME_LEFT


def key_name(community: str, party: str) -> str:
    """What the keys of a partner's programs are called, by which `revoke` finds them."""
    return f"partner {community}/{party}"


def _properties(credentials: Mapping[str, Any]) -> str:
    """As Kafka's Java clients read them; what begins with `linli.` is for the samples."""
    values = {
        "bootstrap.servers": credentials["bootstrap"],
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": credentials["mechanism"],
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": CA,
        "group.id": f"{credentials['group_prefix']}program",
        "linli.username": credentials["username"],
        **{f"linli.topic.{name}": topic for name, topic in credentials["topics"].items()},
        **{f"linli.sandbox.{name}": topic for name, topic in credentials["sandbox"].items()},
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _json(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _sample(name: str) -> str:
    return files("linli_cli.partners").joinpath("samples", name).read_text(encoding="utf-8")
