"""What is said against a vote, and its voiding. Key: the vote's id."""

from enum import StrEnum
from typing import ClassVar

from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.votes import VoteEvent


class Ground(StrEnum):
    """Why a vote is said to be wrong (民法典 280; 区分所有权解释 12)."""

    NOTICE = "notice"  # 公告期限、方式
    REGISTER = "register"  # 业主名册、面积、人数
    BALLOT = "ballot"  # 伪造、冒用、重复
    PROXY = "proxy"  # 委托
    COUNT = "count"  # 计票
    RIGHTS = "rights"  # 侵害业主合法权益
    PROCEDURE = "procedure"  # 其他程序


class ChallengeFiled(VoteEvent):
    """An owner says that the vote is wrong."""

    TYPE: ClassVar[str] = "linli.challenge.filed.v1"

    challenge_id: Id
    owner: Id
    ground: Ground
    document: Digest


class ChallengeDismissed(VoteEvent):
    """It was looked into, and the vote stands."""

    TYPE: ClassVar[str] = "linli.challenge.dismissed.v1"

    challenge_id: Id
    document: Digest


class ChallengeUpheld(VoteEvent):
    """The owner is right: the vote is set aside with it. Once declared, only a court's judgment does that."""

    TYPE: ClassVar[str] = "linli.challenge.upheld.v1"

    challenge_id: Id
    document: Digest


class VoteVoided(VoteEvent):
    """It counts for nothing. What hung on it learns of it from here."""

    TYPE: ClassVar[str] = "linli.vote.voided.v1"

    ground: Ground
    document: Digest
