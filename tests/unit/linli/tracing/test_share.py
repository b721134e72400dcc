"""Nobody outside decides what is recorded, and all processes decide alike."""

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import Sampler
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

from linli.tracing.share import sampler_of

KEY = b"k" * 43


def recorded(sampler: Sampler, trace: int, flag: int | None) -> bool:
    parent = None
    if flag is not None:
        asked = SpanContext(trace, 1, is_remote=True, trace_flags=TraceFlags(flag))
        parent = set_span_in_context(NonRecordingSpan(asked), Context())
    return sampler.should_sample(parent, trace, "GET").decision.is_sampled()


def test_of_the_traces_that_callers_began_the_same_share_is_recorded() -> None:
    sampler = sampler_of(0.1, KEY)
    wanted = [recorded(sampler, trace, 1) for trace in range(1, 5_001)]
    assert 350 < sum(wanted) < 650, "ids that were chosen small, which the library takes all"
    assert wanted == [recorded(sampler_of(0.1, KEY), trace, None) for trace in range(1, 5_001)], "alike everywhere"
    assert wanted != [recorded(sampler_of(0.1, b"another"), trace, 1) for trace in range(1, 5_001)]


def test_what_a_caller_does_not_want_is_not_recorded_and_with_the_whole_share_all_else_is() -> None:
    assert not recorded(sampler_of(1.0, KEY), 7, 0)
    assert recorded(sampler_of(1.0, KEY), 7, 1)
    assert not recorded(sampler_of(0.0, KEY), 7, 1)
