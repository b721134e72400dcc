"""Enumerations common to all contracts (see docs/glossary.md)."""

from enum import StrEnum


class Kind(StrEnum):
    """What a submission is."""

    DEMAND = "demand"
    REPORT = "report"
    DISPUTE = "dispute"
    ALARM = "alarm"


class Channel(StrEnum):
    """Where a submission came from."""

    WEB = "web"
    HOTLINE = "hotline"
    SUISHOUPAI = "suishoupai"
    LIJIBAN = "lijiban"
    DEVICE = "device"
    DESK = "desk"
    OPEN311 = "open311"
    IMPORT = "import"


class Language(StrEnum):
    """The languages that texts for people exist in."""

    ZH = "zh-CN"
    EN = "en"
