"""Refusals that several decisions share."""

from linli.refusal import refused

NOT_NOW = refused(
    "mediation_state", "That cannot be done where the mediation stands now.", "调解现在的状态不能这样做。"
)
NOBODY = refused("unknown_participant", "Nobody of that name takes part.", "没有这位参加人。", "/participant")
NO_SESSION = refused("unknown_session", "There is no such session to come.", "没有这次待开的调解会。", "/session")
ALREADY = refused("known_already", "The dispute is in mediation already.", "这件纠纷已经进入调解。")
