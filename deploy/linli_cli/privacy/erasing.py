"""Erasing residents, from the databases to Kafka and the letters: what `linli privacy erase` does, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer

from linli_cli.connection.client import Client, open_client
from linli_cli.connection.settings import TargetKind, load_settings
from linli_cli.connection.target import Target
from linli_cli.operations.databases import open_databases
from linli_cli.privacy.erased_list import read, remember
from linli_cli.privacy.letters import delete_letters
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say

AT_ONCE = 1_000
LIST = "erasures.jsonl"


@dataclass
class Erasure:
    """What was done."""

    submissions: list[str] = field(default_factory=list)
    merged_with: list[str] = field(default_factory=list)
    """The cases that theirs were merged with: what staff wrote went there."""
    masked_elsewhere: int = 0
    letters: int = 0
    records: int = 0
    waiting_for: list[str] = field(default_factory=list)
    """Who has not read past it in Kafka yet."""


async def to_erase_again(target: Target, from_file: Path | None) -> list[str]:
    """What is on the list beside the deployment, and what intake knows of and Kafka may still hold."""
    path = from_file or load_settings().home / LIST
    listed = read(path) if from_file or path.exists() else []
    unfinished = []
    async with open_client(target) as client:
        cursor: str | None = ""
        while cursor is not None:
            page = await client.get("intake", "/v1/erasures", limit=AT_ONCE, cursor=cursor)
            unfinished += [each["id"] for each in page["items"] if not each["purged_at"]]
            cursor = page["next"]
    return list(dict.fromkeys([*listed, *unfinished]))


async def erase_all(
    target: Target, whom: dict[str, Any], ids: Sequence[str], wait: float, not_waiting_for: Sequence[str]
) -> Erasure:
    """First where it is kept, then what has been sent. It may be done again from the start."""
    done = Erasure()
    async with open_client(target) as client:
        done.merged_with = list(await merged_with(client, ids))
        about = [*ids, *done.merged_with]
        deliveries = await _delivery_ids(client, about) if target.kind is TargetKind.EMBEDDED else []
        for body in _in_parts(whom):
            answer = await client.post("intake", "/v1/residents:erase", body)
            done.submissions += answer["erased"]
            done.masked_elsewhere += answer["masked_elsewhere"]
    home = load_settings()
    try:
        remember(home.home / LIST, done.submissions)
    except OSError as error:  # in a container, say: intake keeps it too, and Kafka is still to be done
        values = {"path": home.home / LIST, "strerror": of_file(error)}
        typer.echo(say("{path} cannot be written ({strerror}): keep `--json`'s list elsewhere.", **values), err=True)
    if target.kind is TargetKind.EMBEDDED:
        done.letters = delete_letters(home.mail_dir, deliveries, about)
    await _purge(target, list(dict.fromkeys([*ids, *done.submissions])), wait, not_waiting_for, done)
    if target.kind is TargetKind.EMBEDDED:  # once more: one may have been on its way
        done.letters += delete_letters(home.mail_dir, deliveries, about)
    return done


async def merged_with(client: Client, ids: Sequence[str]) -> dict[str, str]:
    """The cases that these were ever merged with, and the parts of those, each with its state."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), AT_ONCE):
        asked = {"ids": list(ids[start : start + AT_ONCE])}
        found |= (await client.post("workflow", "/v1/cases:relatives", asked))["found"]
    return {id: state for id, state in found.items() if id not in ids}


def _in_parts(whom: dict[str, Any]) -> list[dict[str, Any]]:
    ids = whom.get("submissions")
    if ids is None:
        return [whom]
    return [{"submissions": ids[start : start + AT_ONCE]} for start in range(0, len(ids), AT_ONCE)]


async def _delivery_ids(client: Client, ids: Sequence[str]) -> list[str]:
    found: list[str] = []
    for id in ids:
        cursor: str | None = ""
        while cursor is not None:
            page = await client.get("notify", "/v1/deliveries", case=id, limit=500, cursor=cursor or None)
            found += [each["id"] for each in page["items"]]
            cursor = page["next"]
    return found


async def _purge(
    target: Target, ids: Sequence[str], wait: float, not_waiting_for: Sequence[str], done: Erasure
) -> None:
    from linli.messaging.kafka import KafkaUnavailable  # noqa: PLC0415 - `linli --help` need not wait for Kafka's client
    from linli_cli.privacy.purging import Waiting, purge, read_by_all  # noqa: PLC0415 - as above

    if not ids:
        return
    async with open_databases(target) as databases:
        try:
            await read_by_all(databases, target.kafka, [*ids, *done.merged_with], wait)
            purged = await purge(databases, target.kafka, ids, done.merged_with, not_waiting_for)
        except Waiting as error:
            done.waiting_for = [str(error)]
            return
        except KafkaUnavailable as error:  # among them TimeoutError, an OSError
            done.waiting_for = [say("Kafka does not answer ({error})", error=type(error).__name__)]
            return
        done.records, done.waiting_for = (
            purged.records,
            [say("the group {group}", group=group) for group in purged.behind],
        )
        if not purged.behind:
            gone = [{"$set": {"purged_at": "$$NOW"}}]
            await databases.of("intake").erasures.update_many({"_id": {"$in": list(ids)}}, gone)
