"""Word the messages in which moderators look at orders, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cogs import content_words, words
from cogs.escape import escaped
from cogs.render import quoted, settings, small
from jobs.ids import code
from jobs.reviews import ReviewState

if TYPE_CHECKING:
    from cogs.render import Naming
    from jobs.model import Order
    from jobs.reviews import Review

_PROMPT: Final = 900
_AVOID: Final = 300
_REASON: Final = 300


def review(order: Order, about: Review, naming: Naming, *, left_out: bool = False) -> str:
    """Word an order that moderators look at, or have looked at."""
    options = order.options
    what = small(
        settings(options, naming), words.clips(len(order.clips)), f"<#{order.place.channel_id}>"
    )
    waiting = about.state is ReviewState.WAITING
    lines = (
        _first(order, about),
        quoted(options.prompt, _PROMPT),
        small(words.AVOIDING(avoid=escaped(options.avoid, _AVOID))) if options.avoid else "",
        what,
        small(content_words.REVIEW_ENDS(when=words.when(about.expires_at))) if waiting else "",
        small(content_words.REVIEW_LEFT_OUT()) if left_out else "",
        _reason(about),
    )
    return "\n".join(line for line in lines if line)


def _first(order: Order, about: Review) -> str:
    head = content_words.REVIEW_HEAD(code=code(order.id))
    asker = f"<@{order.member.user_id}>"
    if about.state is ReviewState.WAITING:
        price = words.money(order.quote.total)
        return content_words.REVIEW(head=head, asker=asker, price=price)
    return content_words.REVIEW_TOLD(head=head, asker=asker, outcome=outcome(about))


def _reason(about: Review) -> str:
    if not about.reason:
        return ""
    return small(content_words.REASON(reason=escaped(about.reason, _REASON)))


def outcome(about: Review) -> str:
    """Say in a few words what became of an order's review, and who decided."""
    return _OUTCOMES[about.state](moderator=f"<@{about.decided_by}>")


_OUTCOMES: Final = {
    ReviewState.WAITING: content_words.IN_REVIEW,
    ReviewState.APPROVED: content_words.APPROVED,
    ReviewState.REJECTED: content_words.REJECTED,
    ReviewState.EXPIRED: content_words.EXPIRED,
    ReviewState.WITHDRAWN: content_words.WITHDRAWN,
}
