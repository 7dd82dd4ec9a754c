"""Draw the page Content of the settings panel, and the list of all rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from discord.ui import Container, LayoutView, Separator, TextDisplay

from cogs import content_words, words
from cogs.escape import escaped
from cogs.language import listed
from cogs.lists import ACCENT
from cogs.render import small
from jobs.content import RuleFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from discord.ui import ActionRow

    from jobs.content import BadFile, BadRule, Rule
    from jobs.model import ReviewRules
    from jobs.moderation import Block

PAGE: Final = 25
"""Rules on a page of the list: with 200 characters each, all of them escaped, they still fit."""

_BLOCKS: Final = 8
_REASON: Final = 80
_RULE: Final = 110
_ROLES: Final = 8
_LINES: Final = 10


def page(
    rules: Sequence[Rule],
    review: ReviewRules,
    blocks: Sequence[Block],
    rows: Sequence[Sequence[ActionRow[Any]]],
    *,
    closed: bool,
) -> LayoutView:
    """Draw rules, review and blocked members, each with what changes it below; `rows` are those.

    `closed` tells that the review channel takes no message of ours.
    """
    container: Container[Any] = Container(accent_colour=ACCENT)
    container.add_item(TextDisplay(content_words.CONTENT_HEAD()))
    parts = (
        "\n".join((content_words.RULES(len(rules)), small(content_words.RULES_HINT()))),
        "\n".join(_review(review, closed=closed)),
        "\n".join((content_words.BLOCKS(len(blocks)), *_blocked(blocks))),
    )
    for part, controls in zip(parts, rows, strict=False):
        container.add_item(Separator())
        container.add_item(TextDisplay(part))
        for row in controls:
            container.add_item(row)
    view = LayoutView(timeout=None)
    view.add_item(container)
    for row in rows[len(parts)]:
        view.add_item(row)
    return view


def _review(review: ReviewRules, *, closed: bool) -> Iterator[str]:
    if not review.on:
        yield content_words.REVIEW_OFF()
        return
    channel = f"<#{review.channel_id}>"
    if review.channel_id is None:
        channel = content_words.REVIEW_NO_CHANNEL()
    yield content_words.REVIEW_ON(channel=channel, hours=content_words.HOURS(review.hours))
    if closed and review.channel_id is not None:
        yield content_words.REVIEW_CLOSED_NOW(channel=channel)
    if review.trusted:
        roles = listed(f"<@&{one}>" for one in sorted(review.trusted)[:_ROLES])
        yield small(content_words.REVIEW_TRUSTED(roles=roles))
    else:
        yield small(content_words.REVIEW_EVERYBODY())


def _blocked(blocks: Sequence[Block]) -> Iterator[str]:
    for one in blocks[:_BLOCKS]:
        yield content_words.BLOCK_LINE(
            member=f"<@{one.user_id}>",
            moderator=f"<@{one.actor_id}>",
            when=words.when(one.at),
            reason=words.NOTE(note=escaped(one.reason, _REASON)) if one.reason else "",
        )
    if len(blocks) > _BLOCKS:
        yield content_words.BLOCK_MORE(len(blocks) - _BLOCKS)


def pages_of(rules: Sequence[Rule]) -> int:
    """Say how many pages the list of rules has."""
    return max(1, -(-len(rules) // PAGE))


def list_of(rules: Sequence[Rule], number: int, rows: Sequence[ActionRow[Any]]) -> LayoutView:
    """Draw one page of all rules, as they are written."""
    container: Container[Any] = Container(accent_colour=ACCENT)
    shown = rules[number * PAGE : (number + 1) * PAGE]
    lines = [f"- {escaped(rule.written, _RULE)}" for rule in shown]
    said = content_words.RULES_PAGE(page=number + 1, pages=pages_of(rules))
    text = "\n".join(lines) if lines else content_words.RULES_NONE()
    container.add_item(TextDisplay(f"{content_words.RULES(len(rules))}\n{text}\n{small(said)}"))
    view = LayoutView(timeout=None)
    view.add_item(container)
    for row in rows:
        view.add_item(row)
    return view


def bad_lines(bad: BadFile) -> str:
    """Name the lines that are no rules, and say of each what is the matter with it."""
    lines = [
        content_words.RULES_BAD_LINE(line=number, why=_why(one))
        for number, one in bad.lines[:_LINES]
    ]
    if len(bad.lines) > _LINES:
        lines.append(content_words.RULES_BAD_MORE(len(bad.lines) - _LINES))
    return "\n".join((content_words.RULES_BAD(), *lines))


def _why(bad: BadRule) -> str:
    return _FAULTS[bad.fault](why=escaped(bad.why, _REASON))


_FAULTS: Final = {
    RuleFault.EMPTY: content_words.RULE_EMPTY,
    RuleFault.TOO_LONG: content_words.RULE_TOO_LONG,
    RuleFault.NOT_SEEN: content_words.RULE_NOT_SEEN,
    RuleFault.PATTERN: content_words.RULE_PATTERN,
    RuleFault.TOO_MANY: content_words.RULE_TOO_MANY,
}
