"""Writes sums over everything in the form that Prometheus reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLIPS: Final = "clips_"


def exposition(totals: Mapping[str, int], failures: int, heard: Mapping[int, int]) -> bytes:
    """Return clips by state, credits by account, and failures of the engine; no member is named."""
    registry = CollectorRegistry()
    clips = Gauge("muybridge_clips", "Clips by state.", ["state"], registry=registry)
    credits_ = Gauge("muybridge_credits", "Credits by account.", ["account"], registry=registry)
    failed = Gauge(
        "muybridge_engine_failures",
        "Pieces of work that failed since the start.",
        registry=registry,
    )
    for name, value in totals.items():
        if name.startswith(_CLIPS):
            clips.labels(name.removeprefix(_CLIPS)).set(value)
        else:
            credits_.labels(name.removeprefix("credits_")).set(value)
    failed.set(failures)
    webhooks = Gauge(
        "muybridge_webhooks",
        "Webhooks since the start, by the status they were answered with.",
        ["status"],
        registry=registry,
    )
    for status, count in heard.items():
        webhooks.labels(str(status)).set(count)
    return generate_latest(registry)
