"""Erases a resident from mediations: all that was written in the mediation of their case, by whomever.

What others said there is about them, and so is what was agreed; those who signed have their copies on paper
(人民调解法 29). That there was a mediation, when they met and how it ended stays, without anybody's words.
"""

from collections.abc import Collection

from linli.messaging.inbox import Eraser
from linli.messaging.outbox import Unsent
from linli.storage.mongo import Session
from workflow.mediation.domain.mediation import mediation_id
from workflow.mediation.papers import Papers


def forget_mediations(papers: Papers) -> Eraser:
    """For the inbox."""

    async def forget(subjects: Collection[str], session: Session) -> list[Unsent]:
        await papers.forget([mediation_id(case_id) for case_id in subjects], session)
        return []

    return forget
