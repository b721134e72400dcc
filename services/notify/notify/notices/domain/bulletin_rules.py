"""What of a place's common affairs residents hear who read its bulletins, and from which level on.

Who wants the end only hears what was decided and accepted; who wants milestones each bulletin beside; and who wants
every step what is put right and how far works have come as well. Only what all may know is here, by events that say
where they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from linli.contracts.intake.subscription import Hears
from linli.contracts.kinds import Language
from linli.contracts.neighbourhood import deliberations_settled, taskforce, votes, works
from linli.contracts.neighbourhood import works_accepted as accepted
from linli.contracts.neighbourhood.affairs import Affair

_LEVELS = (Hears.ENDS, Hears.MILESTONES, Hears.EVERY_STEP)


@dataclass(frozen=True, slots=True)
class BulletinRule:
    """Told to who wants to hear at least `from_` so much. In `zh` and `en` stand fields of the event."""

    from_: Hears
    zh: str
    en: str
    quotes: str = ""
    """The field whose words stand below."""

    def says(self, language: Language) -> str:
        return self.zh if language is Language.ZH else self.en

    @property
    def levels(self) -> tuple[Hears, ...]:
        """Of whom it is told to."""
        return _LEVELS[_LEVELS.index(self.from_) :]


BULLETIN_RULES: Mapping[type[Affair], BulletinRule] = {
    taskforce.BulletinIssued: BulletinRule(
        Hears.MILESTONES, "{neighbourhood}改造简报：{title}", "Bulletin of {neighbourhood}: {title}", "text"
    ),
    taskforce.BulletinCorrected: BulletinRule(
        Hears.EVERY_STEP,
        "{neighbourhood}改造简报第 {number} 期更正",
        "Bulletin {number} of {neighbourhood} is put right",
        "instead",
    ),
    votes.ResultPublished: BulletinRule(
        Hears.ENDS, "{neighbourhood}的业主表决结果已公布", "The result of a vote in {neighbourhood} is published"
    ),
    accepted.AcceptancePassed: BulletinRule(
        Hears.ENDS, "{neighbourhood}的一项工程通过验收", "Works in {neighbourhood} were accepted"
    ),
    deliberations_settled.DeliberationPublished: BulletinRule(
        Hears.MILESTONES, "{neighbourhood}的协商意见已公布", "The outcome of talks in {neighbourhood} is published"
    ),
    works.PackageProgressed: BulletinRule(
        Hears.EVERY_STEP, "{neighbourhood}工程进度：{percent}%", "Works in {neighbourhood}: {percent}%", "message"
    ),
}


def in_words(type_: type[Affair]) -> str:
    """A row of the table in docs/architecture.md."""
    return f"| `{type_.TYPE.removeprefix('linli.').rpartition('.')[0]}` | `{BULLETIN_RULES[type_].from_}` |"
