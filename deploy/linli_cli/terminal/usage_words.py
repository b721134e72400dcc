"""What Typer itself says, in Chinese: the frame of help texts, and what is wrong with a command as it was typed."""

from typing import Any

import typer
from rich.text import Text
from typer import rich_utils

from linli_cli.terminal.errors import in_words
from linli_cli.terminal.language import chinese
from linli_cli.terminal.sayings import fitting, sayings

FRAME = {
    "DEFAULT_STRING": ("[default: {}]", "[默认：{}]"),
    "REQUIRED_LONG_STRING": ("[required]", "[必填]"),
    "ARGUMENTS_PANEL_TITLE": ("Arguments", "参数"),
    "OPTIONS_PANEL_TITLE": ("Options", "选项"),
    "COMMANDS_PANEL_TITLE": ("Commands", "命令"),
    "ERRORS_PANEL_TITLE": ("Error", "错误"),
    "ABORTED_TEXT": ("Aborted.", "已取消。"),
    "RICH_HELP": (
        "Try [blue]'{command_path} {help_option}'[/] for help.",
        "用法见 [blue]'{command_path} {help_option}'[/]。",
    ),
}
"""Names in Typer → what they say in English and in Chinese."""
FAULTS = sayings(
    {
        r"Missing (?:option|argument|parameter) (.+?)\.(?: .*)?": "缺少 {0}。",
        r"Missing command\.": "缺少命令。",
        r"No such option: (\S+).*": "没有 {0} 这个选项。",
        r"No such command (.+?)\..*": "没有 {0} 这个命令。",
        r"Got unexpected extra arguments? \((.+)\)": "多余的参数：{0}。",
        r"Option (.+) requires an argument\.": "{0} 后面要有值。",
        r"Invalid value for (.+?): (.+) is not one of (.+)\.": "{0} 的值有误：{1} 不在其中：{2}。",
        r"Invalid value for (.+?): (.+) is not in the range (.+)\.": "{0} 的值有误：{1} 不在范围 {2} 内。",
        r"Invalid value for (.+?): (.+) is not a valid (?:int|float).*": "{0} 的值有误：{1} 不是数字。",
        r"Invalid value for (.+?): (.+)": "{0} 的值有误：{1}",
    }
)
"""What is wrong with what was typed → in Chinese."""


_as_text = rich_utils._make_rich_text


def _folding(**options: Any) -> Any:
    """A help text whose lines end anywhere: Chinese has no spaces, and what does not fit would be cut off."""
    made = _as_text(**options)
    if isinstance(made, Text):
        made.overflow = "fold"
    return made


def frame_in_words() -> None:
    """Have the frame of help texts in the language that is spoken."""
    rich_utils._make_rich_text = _folding
    for name, (english, translation) in FRAME.items():
        setattr(rich_utils, name, translation if chinese() else english)


def in_chinese(command: Any) -> None:
    """Give a command, its options and its sub-commands Chinese help, where there is some."""
    from linli_cli.terminal.sentences.helping import HELP  # noqa: PLC0415 - half of the commands, for who asks in Chinese

    first = (command.help or "").partition("\n")[0]
    command.short_help = HELP.get(first)
    command.help = HELP.get(command.help, command.help)
    usage = command.get_usage
    command.get_usage = lambda ctx: usage(ctx).replace("Usage:", "用法：", 1)
    for parameter in (*command.params, command.get_help_option(typer.Context(command))):
        if translation := HELP.get(getattr(parameter, "help", None) or ""):
            parameter.help = translation
    for each in getattr(command, "commands", {}).values():
        in_chinese(each)


def translate_error(error: Any) -> None:
    """Have a fault of what was typed say itself in the language that is spoken."""
    if isinstance(error, typer.BadParameter):
        error.message = in_words(error.message)
    if chinese():
        message = fault_in_chinese(error.format_message())
        error.format_message = lambda: message


def fault_in_chinese(message: str) -> str:
    found = fitting(message, FAULTS)
    return found[0].format(*found[1]) if found else message
