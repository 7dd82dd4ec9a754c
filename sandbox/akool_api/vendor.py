"""What all parts of the emulated vendor share: its settings, memory, faults, time and chance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.akool_api.faults import Faults

if TYPE_CHECKING:
    import random

    from jobs.ports import Clock
    from sandbox.akool_api.settings import VendorSettings
    from sandbox.akool_api.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One vendor. `complaints` lists what a strict one would frown at."""

    settings: VendorSettings
    clock: Clock
    rng: random.Random
    store: Store
    faults: Faults = field(default_factory=Faults)
    complaints: list[str] = field(default_factory=list)
