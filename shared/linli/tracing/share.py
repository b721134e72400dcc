"""Which traces are recorded of those whose ids others have chosen."""

import hashlib
from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import ParentBased, Sampler, SamplingResult, TraceIdRatioBased
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.util.types import Attributes


class Share(TraceIdRatioBased):
    """A part of all traces, the same in every process that has the key; from outside nobody can choose one of them."""

    def __init__(self, share: float, key: bytes) -> None:
        super().__init__(share)
        self._key = key[:64]

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        drawn = hashlib.blake2b(trace_id.to_bytes(16), digest_size=8, key=self._key, person=b"linli-spans").digest()
        number = int.from_bytes(drawn)
        return super().should_sample(parent_context, number, name, kind, attributes, links, trace_state)


def sampler_of(share: float, key: bytes) -> Sampler:
    """Of what begins here, and of what a caller wants recorded; nothing of what a caller does not."""
    drawn = Share(share, key)
    return ParentBased(drawn, remote_parent_sampled=drawn)
