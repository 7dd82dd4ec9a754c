"""Word what one member reads in private: offers, receipts and the wallet."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from cogs import content_words, hint_words, quota_words, sound_words, words
from cogs.escape import escaped
from cogs.language import listed, number
from jobs.ids import code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cogs.language import Phrase
    from jobs.model import Draft, Options, Ordered, Quote, WalletEntry, WalletView

    Naming = Callable[[str], str]
    """Says what members call a model, given the vendor's value for it."""

_OFFER_PROMPT: Final = 600
_REASON: Final = 80
_REASONED: Final = frozenset({"grant", "take", "undo"})
"""Entries whose reason a moderator wrote; the others' reasons are for the operator."""


def offer(draft: Draft, spendable: int, naming: Naming) -> str:
    """Word a price that waits for Confirm; `spendable` is what the member has now (credits)."""
    quote, options = draft.quote, draft.options
    said = words.OFFER(
        price=price(quote),
        spendable=words.money(spendable),
        left=number(spendable - quote.total),
        wait=wait(quote),
    )
    lines = (
        said,
        words.OFFER_CONFIRM(),
        quoted(options.prompt, _OFFER_PROMPT),
        small(settings(options, naming), words.clips(quote.clips)),
        *_notes(options),
    )
    return "\n".join(line for line in lines if line)


def receipt(draft: Draft, ordered: Ordered, naming: Naming) -> str:
    """Word a placed order: what it costs, what is left, and when it is usually ready."""
    quote = ordered.quote
    said = words.RECEIPT(price=price(quote), left=number(ordered.spendable), wait=wait(quote))
    if ordered.review:
        said = f"{said}\n{content_words.RECEIPT_REVIEW()}"
    name = words.ORDER(code=code(ordered.order_id))
    what = settings(draft.options, naming)
    return "\n".join((said, small(name, what, words.clips(quote.clips)), *_notes(draft.options)))


def price(quote: Quote) -> str:
    """Word a quote; what was never charged before is an upper bound and says so."""
    total = (words.PRICE if quote.learned else words.PRICE_AT_MOST)(price=words.money(quote.total))
    if quote.clips == 1:
        return total
    return words.PRICE_OF_SEVERAL(price=total, n=quote.clips, each=number(quote.per_clip))


def wait(quote: Quote) -> str:
    """Word the usual wait in seconds or minutes; nothing where it is not known."""
    if quote.wait is None:
        return ""
    low, high = quote.wait
    if high < 90:
        said = _range(low, high, words.SECONDS, words.ABOUT_SECONDS)
    else:
        said = _range(max(1, low // 60), -(-high // 60), words.MINUTES, words.ABOUT_MINUTES)
    return words.WAIT(wait=said)


def _range(low: int, high: int, between: Phrase, about: Phrase) -> str:
    return about(n=high) if low >= high else between(low=low, high=high)


def settings(options: Options, naming: Naming) -> str:
    """Name the settings of an order in a few words."""
    name = escaped(options.effect_name or naming(options.model), 60)
    if options.source is not None:
        name = sound_words.NEW_SOUND(name=options.source.name)
    parts = [
        name,
        escaped(options.resolution, 20),
        words.LENGTH(n=options.seconds),
    ]
    if options.sound:
        parts.append(words.WITH_SOUND())
    if options.track is not None:
        parts.append(words.WITH_TRACK())
    if options.last_frame is not None:
        parts.append(words.WITH_LAST_FRAME())
    if options.fast:
        parts.append(words.FASTER())
    return dotted(*parts)


def quoted(prompt: str, room: int) -> str:
    """Quote a prompt in so many characters; nothing for an effect, which has none."""
    return f"> {escaped(prompt, room)}" if prompt else ""


def dotted(*parts: str) -> str:
    """Join what belongs together on one line."""
    return " · ".join(part for part in parts if part)


def small(*parts: str) -> str:
    """Make a line of small print."""
    return f"-# {dotted(*parts)}"


def _notes(options: Options) -> Iterator[str]:
    pictures = (*options.pictures, options.last_frame)
    kept = [picture for picture in pictures if picture is not None]
    if any(picture.first_frame_only for picture in kept):
        yield small(words.FIRST_FRAME())
    elif any(picture.converted for picture in kept):
        yield small(words.CONVERTED())
    if options.private:
        yield small(words.PRIVATE())
        yield small(hint_words.PRIVATE_CLOSED())


def wallet(view: WalletView) -> str:
    """Word one's own wallet: what can be spent first, where it comes from, and what happened."""
    head = words.SPENDABLE(spendable=words.money(view.spendable))
    frozen = [words.FROZEN()] if view.frozen else []
    nothing = words.NO_ENTRIES if view.spendable else words.NO_ENTRIES_YET
    return "\n".join((head, *frozen, *_books(view, nothing)))


def wallet_of(user_id: int, view: WalletView) -> str:
    """Word a member's wallet for a moderator."""
    member = f"<@{user_id}>"
    head = quota_words.CAN_SPEND(member=member, spendable=words.money(view.spendable))
    frozen = [quota_words.IS_FROZEN()] if view.frozen else []
    books = _books(view, quota_words.NOTHING_SPENT)
    return "\n".join((quota_words.WALLET_OF(member=member), head, *frozen, *books))


def _books(view: WalletView, nothing: Phrase) -> Iterator[str]:
    yield from (f"- {line}" for line in _funds(view))
    if view.entries:
        yield words.ENTRIES()
        yield from (f"- {line}" for line in _entries(view.entries))
    else:
        yield nothing()


def _funds(view: WalletView) -> Iterator[str]:
    if view.allowance:
        yield words.ALLOWANCE(
            left=number(view.allowance_left),
            size=number(view.allowance),
            period=words.PERIODS[view.period](),
            renews=words.when(view.renews_at),
        )
    else:
        yield words.NO_ALLOWANCE()
    if view.grants:
        parts = (
            words.GRANTS_EXPIRING(part=number(part), end=words.date(at))
            for part, at in view.expiring[:5]
        )
        yield listed((words.GRANTS(grants=words.money(view.grants)), *parts))
    if view.held:
        yield words.HELD(held=words.money(view.held))


def entry_kind(kind: str, credits_: str) -> str:
    """Say what happened to so many credits."""
    known = words.ENTRY_KINDS.get(kind)
    return escaped(kind, 20) if known is None else known(credits=credits_)


def _entries(entries: tuple[WalletEntry, ...]) -> Iterator[str]:
    """Word the last entries; the clips of one order, booked in one moment, are one line."""
    for (at, kind, reason), group in groupby(entries, lambda one: (one.at, one.kind, one.reason)):
        same = list(group)
        credits_ = words.money(sum(abs(one.credits) for one in same))
        what = entry_kind(kind, credits_)
        if len(same) > 1:
            what = words.ENTRY_OF_SEVERAL(what=what, clips=words.clips(len(same)))
        if reason and kind in _REASONED:
            what = words.ENTRY_REASON(what=what, reason=escaped(reason, _REASON))
        yield words.ENTRY(at=words.when(at), what=what)
