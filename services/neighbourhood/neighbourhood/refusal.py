"""Why a command is not carried out: as in every service."""

from linli.refusal import Refusal, refused

__all__ = ["Refusal", "refused"]
