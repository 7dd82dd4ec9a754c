"""Hold the three truths to one another: what was paid, what was charged, what was posted."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.crash.asking import Asked
    from bench.crash.truths import Booked, Channels, Ledger, Placed, Rendered

OUT: frozenset[str] = frozenset({"posted", "kept"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that must not be: which bar it breaks, of which order, and what it is."""

    bar: str
    take: int | None
    what: str


PAID_TWICE, CHARGED_TWICE, POSTED_TWICE = "paid twice", "charged twice", "posted twice"
LOST = "finished, and neither posted nor in /videos"
INEXACT = "ledger not exact"
ORDERED_TWICE = "ordered twice, or without an answer"
UNTOLD = "ended without the right word"
BARS = (PAID_TWICE, CHARGED_TWICE, POSTED_TWICE, LOST, INEXACT, ORDERED_TWICE, UNTOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truths:
    """What is compared.

    `shown` are the clips that `/videos` has brought; `unreachable` members take no direct messages.
    """

    asked: tuple[Asked, ...]
    bill: tuple[Rendered, ...]
    ledger: Ledger
    channels: Channels
    shown: frozenset[int]
    unreachable: frozenset[int] = frozenset()


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What was found, and the sums: credits, and counts of clips."""

    findings: list[Finding] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    paid: int = 0
    charged: int = 0
    house: int = 0
    doubted: int = 0
    unheard: int = 0

    def count(self, bar: str) -> int:
        """Return how often a bar is broken."""
        return sum(finding.bar == bar for finding in self.findings)


def judge(truths: Truths) -> Verdict:
    """Compare everything with everything."""
    verdict = Verdict()
    verdict.paid = sum(clip.paid for clip in truths.bill)
    for clip in truths.ledger.clips:
        verdict.states[clip.state] += 1
        verdict.charged += clip.charged
        verdict.house += clip.house
        verdict.doubted += clip.house if clip.vendor_id is None else 0
    verdict.findings += [Finding(bar=INEXACT, take=None, what=one) for one in truths.ledger.wrong]
    verdict.findings += _orders(truths)
    known = {clip.vendor_id: clip for clip in truths.bill}
    for order in truths.ledger.orders:
        for clip in order.clips:
            verdict.findings += _clip(truths, order, clip, known)
        verdict.findings += _told(truths, order)
    verdict.findings += _payments(truths, verdict)
    return verdict


def _orders(truths: Truths) -> Iterable[Finding]:
    """Hold the orders to what members asked for."""
    made = Counter(order.take for order in truths.ledger.orders)
    for asked in truths.asked:
        number = made.pop(asked.number, 0)
        if number > 1 or (number and not asked.answered):
            what = f"{number} orders, and its member was{'' if asked.answered else ' not'} answered"
            yield Finding(bar=ORDERED_TWICE, take=asked.number, what=what)
        if asked.answered and not _says(asked, ordered=number > 0):
            what = f"{number} orders, and its answer is {asked.text!r}"
            yield Finding(bar=UNTOLD, take=asked.number, what=what)
    for take, number in made.items():
        yield Finding(bar=ORDERED_TWICE, take=take, what=f"{number} orders that nobody asked for")


def _says(asked: Asked, *, ordered: bool) -> bool:
    """Tell whether an answer is the receipt of an order, or else a sentence why there is none."""
    receipt = "Order #" in asked.text
    return receipt if ordered else bool(asked.text) and not receipt


def _payments(truths: Truths, verdict: Verdict) -> Iterable[Finding]:
    """Hold the bill to the orders: one request each, and every clip has its place in the books."""
    requests: dict[int | None, set[int]] = defaultdict(set)
    strangers: Counter[int | None] = Counter()
    known = {clip.vendor_id for clip in truths.ledger.clips}
    for one in truths.bill:
        requests[one.take].add(one.request)
        strangers[one.take] += one.vendor_id not in known
    for take, paid in requests.items():
        if len(paid) > 1:
            yield Finding(bar=PAID_TWICE, take=take, what=f"requests {sorted(paid)} at the vendor")
    doubted = Counter(
        order.take for order in truths.ledger.orders for clip in order.clips if _doubted(clip)
    )
    for take, number in strangers.items():
        verdict.unheard += number
        if number > doubted[take]:
            what = f"{number} clips of the vendor's are unknown, {doubted[take]} are in doubt"
            yield Finding(bar=LOST, take=take, what=what)


def _doubted(clip: Booked) -> bool:
    """Tell whether the reply that would have brought its id was lost for good."""
    return clip.vendor_id is None and clip.state == "released"


def _clip(
    truths: Truths, order: Placed, clip: Booked, known: dict[str, Rendered]
) -> Iterable[Finding]:
    rendered = known.get(clip.vendor_id or "")
    name = f"clip {clip.id} ({clip.number + 1} of {len(order.clips)}, {clip.state})"
    for bar, what in (
        *_money(clip, rendered),
        *_delivery(truths, order, clip, done=rendered is not None and rendered.done),
    ):
        yield Finding(bar=bar, take=order.take, what=f"{name}: {what}")


def _money(clip: Booked, rendered: Rendered | None) -> Iterable[tuple[str, str]]:
    """Hold a clip's lines in the ledger to its lines on the bill."""
    if clip.settled > 1 or clip.charged > clip.quote:
        yield CHARGED_TWICE, f"settled {clip.settled} times, {clip.charged} of {clip.quote}"
    unseen = clip.quote if _doubted(clip) else 0
    cost = unseen if rendered is None else rendered.paid
    if clip.charged + clip.house != cost:
        yield (
            INEXACT,
            f"the vendor took {cost}, its member paid {clip.charged}, the house {clip.house}",
        )
    if clip.charged and (clip.free or clip.state not in OUT):
        yield CHARGED_TWICE, f"charged {clip.charged}, though it is free or never came"


def _delivery(
    truths: Truths, order: Placed, clip: Booked, *, done: bool
) -> Iterable[tuple[str, str]]:
    """Hold a clip's state to what stands in the channels."""
    posts = truths.channels.results.get((order.id, clip.number), [])
    if len(posts) > 1:
        yield POSTED_TWICE, f"posted {len(posts)} times, at {posts}"
    if clip.state == "posted" and not posts:
        yield LOST, "no message has it"
    if clip.state == "kept" and clip.id not in truths.shown:
        yield LOST, "/videos does not bring it"
    if done and clip.state not in OUT:
        yield LOST, f"the vendor has finished it ({clip.note})"
    if posts and clip.state not in OUT:
        yield INEXACT, "it is posted, and the database does not know"


def _told(truths: Truths, order: Placed) -> Iterable[Finding]:
    """Hold an order's end to what its member reads of it."""
    cards, notices = truths.channels.cards.get(order.id, []), truths.channels.notices.get(order.id)
    for what, found in (("cards", cards), ("notices", notices or [])):
        if len(found) > 1:
            yield Finding(bar=POSTED_TWICE, take=order.take, what=f"{len(found)} {what}: {found}")
    deaf = order.private and order.user_id in truths.unreachable
    if not any(clip.state in OUT for clip in order.clips) and not notices and not deaf:
        yield Finding(bar=UNTOLD, take=order.take, what=f"order {order.id} has no notice")
