"""What people do to have a package accepted, and after that."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from linli.contracts.base import Slug
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.placed import FilingNumber, Words
from linli.contracts.neighbourhood.works import Facility, Paper, SiteRole
from neighbourhood.works.domain.command import PackageCommand, Said


@dataclass(frozen=True, slots=True)
class RequestAcceptance(PackageCommand):
    """The builder asks for it, with the letter of warranty."""

    warranty_letter: Digest


@dataclass(frozen=True, slots=True)
class ConveneAcceptance(PackageCommand):
    """The client calls those who must sign together."""

    on: date


@dataclass(frozen=True, slots=True)
class SignAcceptance(PackageCommand):
    """One of those who must sign says whether it agrees."""

    role: SiteRole
    agrees: bool
    remark: Words | None = None


@dataclass(frozen=True, slots=True)
class HoldGate(PackageCommand):
    """The residents' representatives say whether they agree."""

    representatives: Annotated[tuple[Id, ...], Field(max_length=50)]
    agrees: bool
    remark: Said | None = None


@dataclass(frozen=True, slots=True)
class SayAtGate(PackageCommand):
    """One of the residents' representatives says whether they agree, by their own code."""

    representative: Id
    agrees: bool
    remark: Said | None = None


@dataclass(frozen=True, slots=True)
class PassAcceptance(PackageCommand):
    """It is accepted: refused while a signature or the residents' yes is missing, or something is open."""


@dataclass(frozen=True, slots=True)
class FailAcceptance(PackageCommand):
    """It is not accepted, and why."""

    why: Words


@dataclass(frozen=True, slots=True)
class FileAcceptance(PackageCommand):
    """The authority has it."""

    number: FilingNumber
    on: date


@dataclass(frozen=True, slots=True)
class RevokeAcceptance(PackageCommand):
    """The authority orders that it be accepted anew."""

    why: Words


@dataclass(frozen=True, slots=True)
class RegisterLift(PackageCommand):
    """An authority has a lift among those that may run."""

    lift: Id
    certificate: FilingNumber
    on: date


@dataclass(frozen=True, slots=True)
class HandOver(PackageCommand):
    """Somebody looks after it from now on, and its facilities begin."""

    to: Slug
    facilities: Annotated[tuple[Facility, ...], Field(max_length=200)]
    papers: Annotated[tuple[Paper, ...], Field(max_length=100)] = ()
