"""Turn a click into a draft, and a draft into at most one order with its holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from billing.entries import Hold
from billing.periods import renews_at
from billing.wallets import NotEnough, split
from jobs.errors import DraftGone, NotEnoughCredits, PriceRose
from jobs.links import pictures_of
from jobs.model import Ordered
from storage.accounts import (
    account_now,
    expire_grants,
    given_allowance,
    lock_wallet,
    read_allowance,
    read_funds,
    read_rules,
)
from storage.content import open_review, screened
from storage.guarding import check_ceiling, check_pace, check_pool, check_standing, warn_of_pool
from storage.ledger import place_hold
from storage.rows import draft_from

if TYPE_CHECKING:
    from billing.wallets import Allowance, Funds, HoldParts
    from jobs.model import Draft, Guards, GuildRules, NewDraft, Quote
    from jobs.stores import Placing
    from storage.database import Row, Transaction


def add_draft(new: NewDraft, now: int) -> Transaction[Draft]:
    """Store a click once: the second delivery of one interaction finds the first one's draft."""
    member, place, quote = new.member, new.place, new.quote
    low, high = quote.wait or (None, None)
    yield (
        """INSERT INTO drafts (id, interaction_id, guild_id, user_id, channel_id, upload_limit,
             locale, guild_locale, options, price, clips, learned, wait_low, wait_high, created_at,
             asked_in, lies_in, age_restricted)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
           ON CONFLICT (interaction_id) DO NOTHING""",
        (
            new.id, new.interaction_id, member.guild_id, member.user_id, place.channel_id,
            place.upload_limit, place.locale, place.guild_locale, new.options.to_json(),
            quote.per_clip, quote.clips, int(quote.learned), low, high, now, place.asked_in,
            json.dumps(place.lies_in), int(place.age_restricted),
        ),
    )  # fmt: skip
    # In one order for all, so that two drafts with the same pictures can't deadlock.
    for picture in sorted(pictures_of(new.options), key=lambda one: one.key):
        yield from use_picture(picture.key, picture.bytes, now)
    rows = yield (_DRAFT + "WHERE d.interaction_id = $1", (new.interaction_id,))
    return draft_from(rows[0])


_DRAFT: Final = """SELECT d.*, o.id AS order_id FROM drafts d
  LEFT JOIN orders o ON o.draft_id = d.id """


def use_picture(key: str, size: int, now: int) -> Transaction[None]:
    """Note that a kept picture (`size` bytes) is in use now, so that it stays a while longer."""
    yield (
        """INSERT INTO pictures (key, bytes, used_at) VALUES ($1, $2, $3)
           ON CONFLICT (key) DO UPDATE SET used_at = excluded.used_at""",
        (key, size, now),
    )


def read_draft(draft_id: int) -> Transaction[Draft | None]:
    """Return a draft, None when nothing is known of it."""
    rows = yield (_DRAFT + "WHERE d.id = $1", (draft_id,))
    return draft_from(rows[0]) if rows else None


def _lock_draft(draft_id: int) -> Transaction[None]:
    """Wait here for whoever orders, prices or dismisses the same draft on PostgreSQL.

    Only a later statement sees what the other one did.
    """
    yield ("UPDATE drafts SET price = price WHERE id = $1", (draft_id,))


def read_draft_of(interaction_id: int) -> Transaction[Draft | None]:
    """Return the draft that an interaction made, None when it made none."""
    rows = yield (_DRAFT + "WHERE d.interaction_id = $1", (interaction_id,))
    return draft_from(rows[0]) if rows else None


def requote_draft(draft_id: int, quote: Quote) -> Transaction[None]:
    """Write a new price (credits per clip) onto a draft that is not ordered yet."""
    yield from _lock_draft(draft_id)
    yield (
        """UPDATE drafts SET price = $1, learned = $2 WHERE id = $3
             AND NOT EXISTS (SELECT 1 FROM orders WHERE draft_id = $3)""",
        (quote.per_clip, int(quote.learned), draft_id),
    )


def cancel_draft(draft_id: int, user_id: int) -> Transaction[bool]:
    """Put a draft away for good; False when it was ordered, or is not this member's."""
    yield from _lock_draft(draft_id)
    rows = yield (
        """UPDATE drafts SET cancelled = 1 WHERE id = $1 AND user_id = $2
             AND NOT EXISTS (SELECT 1 FROM orders WHERE draft_id = $1)
           RETURNING id""",
        (draft_id, user_id),
    )
    return bool(rows)


def place_order(
    placing: Placing, defaults: GuildRules, guards: Guards, again_of: int | None = None
) -> Transaction[Ordered]:
    """Make a draft an order: holds, sends, clips and the card's due time, all or nothing.

    A second call for the same draft returns the order of the first. Raises DraftGone,
    PriceRose, WalletFrozen, MemberBlocked, ReviewClosed, NotEnoughCredits, CoolingDown,
    TooManyAtOnce, PoolReached, CeilingReached, and what the guild's rules raise. A warning of the
    pool has the order's id.

    `again_of` is the clip in doubt in whose place the operator orders: then nothing guards but
    money, and the allowance is at least the one that the clip's own order had.
    """
    now, member = placing.now, placing.member
    wallet = yield from lock_wallet(member, now)
    yield from _lock_draft(placing.draft_id)
    draft = yield from read_draft(placing.draft_id)
    if draft is None or draft.cancelled:
        raise DraftGone
    rules = yield from read_rules(member.guild_id, defaults)
    account = account_now(member, rules, now)
    yield from expire_grants(member, rules, now)
    given = None if again_of is None else (yield from given_allowance(again_of))
    allowance, left = yield from read_allowance(member, rules, now, given)
    available = yield from read_funds(member, left, now)
    if draft.order_id is not None:
        return Ordered(
            order_id=draft.order_id, quote=draft.quote, spendable=available.spendable, again=True
        )
    if placing.most is not None and draft.quote.total > placing.most:
        raise PriceRose(draft_id=draft.id, before=placing.most, now=draft.quote.total)
    if again_of is None:
        placing = yield from _let_in(placing, draft, rules, frozen=bool(wallet["frozen"]))
    enough = allowance.credits + available.granted >= draft.quote.total
    more_at = renews_at(allowance.period, now, rules.zone) if enough else None
    parts, available = _split_all(draft, available, more_at)
    yield from _insert_order(placing, draft, rules, allowance)
    yield from _insert_clips(placing, draft, (yield from _next_turn(wallet)))
    for clip_id, part in zip(placing.clip_ids, parts, strict=True):
        yield from place_hold(Hold(clip_id=clip_id, account=account, parts=part), now)
    yield from check_pool(account, rules, draft.quote.total, now, counted=True)
    yield from check_ceiling(account, guards, 0, now)
    yield from warn_of_pool(account, rules, placing.order_id, now)
    yield from open_review(placing)
    return Ordered(
        order_id=placing.order_id,
        quote=draft.quote,
        spendable=available.spendable,
        review=placing.review is not None,
    )


def _let_in(
    placing: Placing, draft: Draft, rules: GuildRules, *, frozen: bool
) -> Transaction[Placing]:
    """Refuse what the guild does not let this member do now, and say who looks at it first."""
    check_standing(placing.member, rules, draft.options, draft.place, frozen=frozen)
    placing = yield from screened(placing, rules)
    yield from check_pace(placing.member, draft.quote, rules, placing.now)
    return placing


def _split_all(
    draft: Draft, available: Funds, more_at: int | None
) -> tuple[list[HoldParts], Funds]:
    """Say which credits pay for each clip, and what remains of the funds.

    Raises NotEnoughCredits, which tells that `more_at` (epoch ms) there will be enough, or never.
    """
    parts: list[HoldParts] = []
    remaining = available
    try:
        for _ in range(draft.quote.clips):
            part, remaining = split(draft.quote.per_clip, remaining)
            parts.append(part)
    except NotEnough as error:
        raise NotEnoughCredits(
            price=draft.quote.total,
            spendable=available.spendable,
            renews_at=more_at,
        ) from error
    return parts, remaining


def _next_turn(wallet: Row) -> Transaction[int]:
    """Line a member's sends up behind their own earlier ones, so that nobody fills the line."""
    rows = yield ("SELECT value FROM counters WHERE name = 'turn'", ())
    submitted = int(rows[0]["value"]) if rows else 0
    return max(submitted, int(wallet["turn"]))


def _insert_order(
    placing: Placing, draft: Draft, rules: GuildRules, allowance: Allowance
) -> Transaction[None]:
    member, place, quote = placing.member, draft.place, draft.quote
    language = rules.public_language(place.guild_locale)
    low, high = quote.wait or (None, None)
    card_due = None if draft.options.private else placing.now
    yield (
        """INSERT INTO orders (id, draft_id, guild_id, user_id, channel_id, upload_limit, locale,
             guild_locale, options, price, clips, learned, wait_low, wait_high, created_at,
             card_due_at, card_picture, asked_in, lies_in, age_restricted, allowance_credits,
             allowance_period)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19, $20, $21, $22)""",
        (
            placing.order_id, draft.id, member.guild_id, member.user_id, place.channel_id,
            place.upload_limit, place.locale, language, draft.options.to_json(),
            quote.per_clip, quote.clips, int(quote.learned), low, high, placing.now, card_due,
            int(placing.card_picture and placing.review is None), place.asked_in,
            json.dumps(place.lies_in), int(place.age_restricted), allowance.credits,
            allowance.period,
        ),
    )  # fmt: skip


def _insert_clips(placing: Placing, draft: Draft, turn: int) -> Transaction[None]:
    options, member = draft.options, placing.member
    clips = iter(placing.clip_ids)
    number = 0
    # A send whose picture only the card can serve waits for the card (its post sets due_at).
    # One that a moderator looks at first waits for that.
    due = None if placing.card_picture or placing.review else placing.now
    state = "review" if placing.review else "queued"
    for index, send in enumerate(placing.sends):
        turn += options.variations
        yield (
            """INSERT INTO sends (id, order_id, number, state, turn, token, due_at, queued_at)
               VALUES ($1, $2, $3, 'queued', $4, $5, $6, $7)""",
            (
                send.id, placing.order_id, index, turn, send.token, due, placing.now,
            ),
        )  # fmt: skip
        for _ in range(options.variations):
            yield (
                """INSERT INTO clips (id, order_id, send_id, guild_id, user_id, number, state,
                     quote, price_key, unit_credit)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
                (
                    next(clips), placing.order_id, send.id, member.guild_id, member.user_id,
                    number, state, draft.quote.per_clip, str(options.price_key),
                    placing.unit_credit,
                ),
            )  # fmt: skip
            number += 1
    if placing.review is not None:
        return  # its place in the line is that of the moment when a moderator lets it go on
    yield (
        "UPDATE wallets SET turn = $1 WHERE guild_id = $2 AND user_id = $3",
        (turn, member.guild_id, member.user_id),
    )
