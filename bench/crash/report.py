"""Say what came of a run: a table of figures, the kills by point, and what must not be."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bench.crash.points import Moment
from bench.crash.verdict import BARS
from sandbox.watch import When

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.crash.running import Run
    from bench.crash.verdict import Truths, Verdict

SHOWN: Final = 10
"""Findings that are told with all that is known of their order."""
_COLUMNS: Final = ((Moment.BEFORE, Moment.INSIDE, Moment.AFTER), tuple(When)[:3])


def lines(run: Run, truths: Truths, verdict: Verdict) -> Iterator[str]:
    """Yield the report."""
    yield from _figures(run, truths, verdict)
    yield ""
    yield from _points(run)
    yield ""
    yield from _bars(verdict)
    for finding in verdict.findings[:SHOWN]:
        yield f"\n{finding.bar}: take {finding.take}: {finding.what}"
        yield from (f"  {line}" for line in _timeline(run, truths, finding.take))


def _figures(run: Run, truths: Truths, verdict: Verdict) -> Iterator[str]:
    told = run.told
    answered = sum(asked.answered for asked in truths.asked)
    states = ", ".join(f"{count} {state}" for state, count in sorted(verdict.states.items()))
    database = run.plan.database.partition(":")[0] or "sqlite"
    hooks = "with" if run.plan.public else "without"
    yield from (
        f"seed {run.plan.seed}, {database}, {hooks} webhooks, {told.seconds:.0f} s",
        f"orders asked for     {len(truths.asked)}, {answered} of them answered",
        f"orders made          {len(truths.ledger.orders)}",
        f"clips                {sum(verdict.states.values())}: {states}",
        f"kills                {len(told.killed)}, {told.starts} starts",
        f"faults that struck   {run.mischief.struck}, and {run.mischief.cuts} cuts of the gateway",
        f"the vendor took      {verdict.paid} credits",
        f"members paid         {verdict.charged} credits",
        f"the house paid       {verdict.house} credits, {verdict.doubted} of it in doubt",
        f"made and never heard {verdict.unheard} clips, whose replies were lost for good",
    )


def _points(run: Run) -> Iterator[str]:
    """Yield a row for each named point, with the kills at its three moments."""
    counted = Counter((death.row, str(death.when)) for _, death in run.told.killed)
    yield f"{'kills at':<46} before  inside   after   (arrives, carried out, answered)"
    for row in sorted({row for row, _ in counted}):
        cells = [sum(counted[row, str(column[place])] for column in _COLUMNS) for place in range(3)]
        if row == "any time":
            yield f"{row:<46} {counted[row, 'random']:>6}"
        else:
            yield f"{row:<46} " + "  ".join(f"{cell or '':>6}" for cell in cells)
    if run.told.missed:
        yield f"never came: {', '.join(sorted(map(str, run.told.missed)))}"


def _bars(verdict: Verdict) -> Iterator[str]:
    for bar in BARS:
        yield f"{bar:<46} {verdict.count(bar)}"


def _timeline(run: Run, truths: Truths, take: int | None) -> list[str]:
    """List all that is known of an order, oldest first, with the kills of that time."""
    events: list[tuple[int, str]] = []
    for one in truths.bill:
        if one.take == take:
            what = f"vendor: request {one.request}, clip {one.vendor_id}, {one.paid} credits in all"
            events.append((one.at, f"{what}{', done' if one.done else ''}"))
    for order in truths.ledger.orders:
        if order.take == take:
            events += _of_order(truths, order.id)
    if events:
        first, last = min(events)[0], max(events)[0]
        around = range(first - 3000, last + 3000)
        events += [(at, f"KILLED {death}") for at, death in run.told.killed if at in around]
    return [f"{_time(at)} {what}" for at, what in sorted(events)]


def _of_order(truths: Truths, order_id: int) -> Iterator[tuple[int, str]]:
    (order,) = [one for one in truths.ledger.orders if one.id == order_id]
    for clip in order.clips:
        for at, kind, charged, house in clip.entries:
            yield at, f"ledger: clip {clip.id} {kind}, charged {charged}, house {house}"
        for at in truths.channels.results.get((order.id, clip.number), []):
            yield at, f"channel: clip {clip.id} posted"
        yield clip.entries[-1][0], f"now: clip {clip.id} {clip.state}, vendor {clip.vendor_id}"
    for at in truths.channels.cards.get(order.id, []):
        yield at, f"channel: card of order {order.id}"
    for at in truths.channels.notices.get(order.id, []):
        yield at, f"channel: notice of order {order.id}"


def _time(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%H:%M:%S.%f")[:-3]
