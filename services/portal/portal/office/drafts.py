"""What somebody has written or uploaded: JSON, or YAML as clerks write it."""

import asyncio
import json
from typing import Any

import yaml

from linli.text.clerks_yaml import Clerk
from linli.web.localized import Localized
from linli.web.problems import Problem

MOST_BYTES = 6_000_000
"""Of JSON: what workflow takes."""
MOST_YAML = 1_000_000
"""Of YAML, which takes seconds to read."""


async def read(text: str) -> Any:
    """Its value. Raises 413, and 422 with the line where it breaks off."""
    if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
        if len(text) > MOST_BYTES:
            raise _too_large(MOST_BYTES)
        return _json(text.lstrip("\ufeff"))
    if len(text) > MOST_YAML:
        raise _too_large(MOST_YAML)
    return await asyncio.to_thread(_yaml, text)


def decoded(content: bytes) -> str:
    """Raises 422 for what is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(line, Localized("it is not UTF-8", "不是 UTF-8 编码")) from None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise _unreadable(error.lineno, error.msg) from None
    except (RecursionError, ValueError):  # nested too deeply; a number of thousands of digits
        raise _unreadable(1, Localized("it cannot be read", "无法读取")) from None


def _yaml(text: str) -> Any:
    try:
        for token in yaml.scan(text, Loader=Clerk):
            if isinstance(token, yaml.AliasToken):  # a few lines of them can mean gigabytes
                raise _unreadable(
                    token.start_mark.line + 1, Localized("an alias (*) is not taken here", "这里不能用别名（*）")
                )
        return yaml.load(text, Loader=Clerk)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _unreadable(mark.line + 1 if mark else 1, str(error.problem or error.context)) from None
    except yaml.YAMLError:
        raise _unreadable(1, Localized("a character that no text holds", "有文本中不允许的字符")) from None
    except (RecursionError, ValueError, OverflowError):
        raise _unreadable(1, Localized("it cannot be read", "无法读取")) from None


def _unreadable(line: int, why: Localized | str) -> Problem:
    return Problem("unreadable", 422, Localized("Line {line}: {why}.", "第 {line} 行：{why}。", line=line, why=why))


def _too_large(most: int) -> Problem:
    said = f"{most // 1_000_000} MB"
    return Problem("too_large", 413, Localized("More than {most}.", "超过 {most}。", most=said))
