"""A document as one page of HTML that needs nothing else: no network, no script, no other file."""

import json
import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, TypeAlias

Part: TypeAlias = Mapping[str, Any]

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
code, pre { font-family: ui-monospace, monospace; font-size: .9em }
code { overflow-wrap: anywhere }
pre { background: #8882; padding: .6rem; overflow: auto }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
td, th { border: 1px solid #8886; padding: .25rem .5rem; text-align: left; vertical-align: top }
h2 { margin-top: 3rem } h3 { margin-top: 2rem; border-top: 1px solid #8886 }
:root { color-scheme: light dark }
"""
_LIMITS = (
    "format",
    "pattern",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
)


def page(document: Part) -> str:
    """The page: who is where, each channel with its messages, each message with its headers, each schema's fields."""
    info, parts = document["info"], document["components"]
    body = [
        f"<h1>{escape(info['title'])}</h1><p>{escape(info['description'])}</p>",
        "<p>AsyncAPI " + escape(document["asyncapi"]) + ' · <a href="#channels">channels</a> · '
        '<a href="#messages">messages</a> · <a href="#schemas">schemas</a></p>',
        "<h2>Servers</h2>",
        _table(("name", "protocol", "host", ""), (_server(*each) for each in document["servers"].items())),
        '<h2 id="channels">Channels</h2>',
        *(_channel(name, channel, document["operations"]) for name, channel in document["channels"].items()),
        '<h2 id="messages">Messages</h2>',
        *(_message(name, message) for name, message in parts["messages"].items()),
        '<h2 id="schemas">Schemas</h2>',
        *(_schema(name, schema) for name, schema in parts["schemas"].items()),
    ]
    head = f'<meta charset="utf-8"><title>{escape(info["title"])}</title><style>{_STYLE}</style>'
    return (
        f'<!doctype html>\n<html lang="en">\n<head>{head}</head>\n<body>\n' + "\n".join(body) + "\n</body>\n</html>\n"
    )


def _server(name: str, server: Part) -> tuple[str, ...]:
    return escape(name), escape(server["protocol"]), _code(server["host"]), escape(server["description"])


def _channel(name: str, channel: Part, operations: Part) -> str:
    actions = [each["action"] for each in operations.values() if each["channel"]["$ref"] == f"#/channels/{name}"]
    facts = [("action", escape(", ".join(actions)))]
    facts += [(escape(word), _code(value)) for word, value in _kept(channel)]
    facts += [
        (_code(f"{{{word}}}"), escape(each["description"])) for word, each in channel.get("parameters", {}).items()
    ]
    told = "".join(f"<li>{_link(reference['$ref'])}</li>" for reference in channel["messages"].values())
    heading = f'<h3 id="channel-{escape(name)}">{_code(channel["address"])}</h3>'
    return f"{heading}<p>{escape(channel['description'])}</p>{_table((), facts)}<ul>{told}</ul>"


def _kept(channel: Part) -> Iterable[tuple[str, Any]]:
    kafka = channel.get("bindings", {}).get("kafka")
    if kafka:
        yield "partitions", kafka["partitions"]
        for word, value in kafka["topicConfiguration"].items():
            yield word, ", ".join(value) if isinstance(value, list) else value


def _message(name: str, message: Part) -> str:
    lines = [f'<h3 id="messages-{escape(name)}">{_code(name)}</h3><p>{escape(message["summary"])}</p>']
    facts = [("value", _type(message["payload"]))]
    if "bindings" in message:
        facts.append(("key", escape(message["bindings"]["kafka"]["key"]["description"])))
    if "headers" in message:
        facts.append(("headers", _link(message["headers"]["allOf"][0]["$ref"])))
        facts += [(_code(word), _type(each)) for word, each in message["headers"]["properties"].items()]
    lines.append(_table((), facts))
    lines += [f"<pre>{escape(_example(each['payload']))}</pre>" for each in message.get("examples", ())]
    return "".join(lines)


def _example(value: Part) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _schema(name: str, schema: Part) -> str:
    heading = f'<h3 id="schemas-{escape(name)}">{_code(name)}</h3><p>{_words(schema.get("description", ""))}</p>'
    if "properties" not in schema:
        return f"{heading}<p>{_type(schema)}</p>"
    required = set(schema.get("required", ()))
    rows = [
        (_code(field), _type(each), "yes" if field in required else "", _words(each.get("description", "")))
        for field, each in schema["properties"].items()
    ]
    return heading + _table(("field", "type", "required", "meaning"), rows)


def _type(schema: Any) -> str:
    """A schema's type in words, with links to those that it refers to."""
    if not isinstance(schema, Mapping):
        return "nothing" if schema is False else "anything"
    if "$ref" in schema:
        return _link(schema["$ref"])
    if "const" in schema or "enum" in schema:
        return ", ".join(map(_code, schema.get("enum", [schema.get("const")])))
    return _limited(_of_several(schema) or _of_one(schema), schema)


def _of_several(schema: Part) -> str | None:
    for word, between in (("anyOf", " or "), ("oneOf", " or "), ("allOf", " and ")):
        if word in schema:
            return between.join(_type(each) for each in schema[word] if each != {"type": "null"})
    return None


def _of_one(schema: Part) -> str:
    if schema.get("type") == "array":
        items = schema.get("items", True)
        return f"list of ({', '.join(map(_type, items)) if isinstance(items, list) else _type(items)})"
    if isinstance(schema.get("additionalProperties"), Mapping):
        return f"object: name → {_type(schema['additionalProperties'])}"
    return escape(str(schema.get("type", "anything")))


def _limited(type: str, schema: Part) -> str:
    limits = [f"{escape(word)} {_code(schema[word])}" for word in _LIMITS if word in schema]
    default = schema.get("default")
    if default is not None and not isinstance(default, list | dict) and default != "":
        limits.append(f"default {_code(default)}")
    return f"{type} ({', '.join(limits)})" if limits else type


def _link(reference: str) -> str:
    *_, kind, name = reference.split("/")
    return f'<a href="#{escape(kind)}-{escape(name)}">{_code(name)}</a>'


def _code(value: Any) -> str:
    return f"<code>{escape(str(value))}</code>"


def _words(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _table(head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    first = "".join(f"<th>{word}</th>" for word in head)
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{f'<tr>{first}</tr>' if first else ''}\n{body}\n</table>"
