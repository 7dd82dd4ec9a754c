"""Stories of orders: how each begins, and what must be true of it whenever a process dies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Unpack

from jobs.model import Member, ReviewRules
from jobs.ports import (
    AccountBlocked,
    InDoubt,
    MessageKind,
    NothingMade,
    PostFailed,
    PostFault,
    RequestRefused,
)
from jobs.reports import CaseState
from jobs.reviews import ReviewState
from jobs.states import FailReason
from tests.fakes import Accept
from tests.jobs.engine.world import CHANNEL, MEMBER, PRICE, statement

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from jobs.model import Clip, Order
    from jobs.ports import SubmitOutcome
    from tests.jobs.engine.world import Bot, Wishes, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One way for an order to go; `begin` brings it to where deaths become interesting."""

    begin: Callable[[World, Bot], Awaitable[None]]
    webhooks: bool = False
    answers: tuple[Accept | SubmitOutcome, ...] = field(default=())
    """What the vendor says to the first requests; later ones are accepted."""


async def one_clip(world: World, bot: Bot) -> None:
    await world.order(bot)


async def variations_with_a_last_frame(world: World, bot: Bot) -> None:
    await world.order(bot, variations=2, last_frame=True)


async def two_pictures_on_a_card(world: World, bot: Bot) -> None:
    await world.order(bot, pictures=2, converted=True)


async def pictures_for_three_messages(world: World, bot: Bot) -> None:
    world.request_bytes = 2 * len("picture 0")
    await world.order(bot, pictures=5, converted=True)


async def pictures_for_three_messages_to_moderators(world: World, bot: Bot) -> None:
    world.request_bytes = 2 * len("picture 0")
    decides(world, approve=True)
    await reviewed(world, bot, pictures=5, converted=True)


async def private(world: World, bot: Bot) -> None:
    await world.order(bot, private=True)


async def in_a_closed_channel(world: World, bot: Bot) -> None:
    world.courier.closed.add(CHANNEL)
    await world.order(bot)


async def with_nowhere_to_go(world: World, bot: Bot) -> None:
    world.courier.closed.add(CHANNEL)
    world.courier.shut.add(MEMBER.user_id)
    await world.order(bot)


async def too_large_for_the_channel(world: World, bot: Bot) -> None:
    world.courier.upload_limit = 5
    world.library.shrinks = False
    await world.order(bot)


async def with_lost_replies_from_discord(world: World, bot: Bot) -> None:
    world.courier.lost_replies = 3
    await world.order(bot)


async def with_discord_down(world: World, bot: Bot) -> None:
    down = PostFailed(PostFault.LATER, "503")
    world.courier.post_faults.extend([down, None, down, None, down])
    await world.order(bot)


async def failed_and_charged_all_the_same(world: World, bot: Bot) -> None:
    order_id = await world.order(bot)
    await bot.engine.drain()
    vendor_id = (await bot.clip(order_id)).vendor_id
    assert vendor_id is not None
    world.vendor.fail(vendor_id, cost=4)


async def dearer_than_quoted(world: World, bot: Bot) -> None:
    order_id = await world.order(bot)
    await bot.engine.drain()
    vendor_id = (await bot.clip(order_id)).vendor_id
    assert vendor_id is not None
    world.vendor.finish(vendor_id, cost=PRICE + 3)


async def deleted_while_it_renders(world: World, bot: Bot) -> None:
    order_id = await world.order(bot)
    await bot.engine.drain()
    await bot.ordering.delete((await bot.clip(order_id)).id, MEMBER)


async def deleted_after_it_was_posted(world: World, bot: Bot) -> None:
    order_id = await world.order(bot)
    await world.settle(bot)
    await bot.ordering.delete((await bot.clip(order_id)).id, MEMBER)


async def cancelled_in_the_line(world: World, bot: Bot) -> None:
    order_id = await world.order(bot, pictures=2, converted=True)
    await bot.step("draw")
    await bot.ordering.cancel(order_id, MEMBER)


# --- orders that a moderator looks at first ---


REVIEW: Final = ReviewRules(on=True, channel_id=50, hours=24)
MODERATOR: Final = Member(guild_id=MEMBER.guild_id, user_id=99)


async def reviewed(world: World, bot: Bot, **wishes: Unpack[Wishes]) -> int:
    """Have a guild look at orders first, and order there."""
    await bot.database.run(
        statement,
        """INSERT INTO guilds (guild_id, review, review_channel_id, review_hours)
           VALUES ($1, 1, $2, $3)""",
        MEMBER.guild_id,
        REVIEW.channel_id,
        REVIEW.hours,
    )
    return await world.order(bot, **wishes)


def decides(world: World, *, approve: bool) -> None:
    """Have a moderator decide about whatever is shown, twice, as people press."""

    async def decide(bot: Bot) -> None:
        for shown in tuple(world.review_desk.shown.values()):
            for _ in range(2):
                if approve:
                    await bot.reviews.approve(shown.order_id, MODERATOR, shown.ref)
                else:
                    await bot.reviews.reject(shown.order_id, MODERATOR, "too dark")

    world.moderator = decide


async def approved(world: World, bot: Bot) -> None:
    decides(world, approve=True)
    await reviewed(world, bot, variations=2)


async def approved_and_carried(world: World, bot: Bot) -> None:
    decides(world, approve=True)
    await reviewed(world, bot, pictures=2, converted=True)


async def approved_with_lost_replies(world: World, bot: Bot) -> None:
    world.review_desk.lost_replies = 2
    decides(world, approve=True)
    await reviewed(world, bot)


async def rejected(world: World, bot: Bot) -> None:
    decides(world, approve=False)
    await reviewed(world, bot, pictures=2)


async def rejected_in_private(world: World, bot: Bot) -> None:
    decides(world, approve=False)
    await reviewed(world, bot, private=True)


async def nobody_decides(world: World, bot: Bot) -> None:
    await reviewed(world, bot)


async def cancelled_in_review(world: World, bot: Bot) -> None:
    order_id = await reviewed(world, bot)
    await bot.step("review")
    await bot.ordering.cancel(order_id, MEMBER)


async def nowhere_to_look(world: World, bot: Bot) -> None:
    world.review_desk.closed = True
    await reviewed(world, bot)


# --- results that are reported ---


async def reported(world: World, bot: Bot) -> int:
    """Have a clip posted, and another member report it."""
    order_id = await reviewed(world, bot)
    await bot.step("review")
    await bot.reviews.approve(order_id, MODERATOR)
    await world.settle(bot)
    clip = await bot.clip(order_id)
    await bot.reports.report(clip.id, Member(guild_id=MEMBER.guild_id, user_id=8))
    return clip.id


def judges(world: World, *, kept: bool) -> None:
    """Have a moderator decide about what is asked, twice, as people press."""

    async def judge(bot: Bot) -> None:
        for clip_id in tuple(world.case_desk.asked):
            for _ in range(2):
                await bot.reports.judge(clip_id, MODERATOR, kept=kept)

    world.moderator = judge


async def reported_and_kept(world: World, bot: Bot) -> None:
    await reported(world, bot)
    judges(world, kept=True)


async def reported_and_deleted(world: World, bot: Bot) -> None:
    await reported(world, bot)
    judges(world, kept=False)


async def reported_and_deleted_by_its_member(world: World, bot: Bot) -> None:
    clip_id = await reported(world, bot)
    await bot.step("case")
    await bot.ordering.delete(clip_id, MEMBER)


STORIES: Final = {
    "one clip": Story(begin=one_clip),
    "variations": Story(begin=variations_with_a_last_frame),
    "pictures on a card": Story(begin=two_pictures_on_a_card),
    "pictures ahead of a card": Story(begin=pictures_for_three_messages),
    "pictures ahead of a review": Story(begin=pictures_for_three_messages_to_moderators),
    "private": Story(begin=private),
    "closed channel": Story(begin=in_a_closed_channel),
    "nowhere to go": Story(begin=with_nowhere_to_go),
    "too large": Story(begin=too_large_for_the_channel),
    "lost replies": Story(begin=with_lost_replies_from_discord),
    "discord down": Story(begin=with_discord_down),
    "failed and charged": Story(begin=failed_and_charged_all_the_same),
    "dearer": Story(begin=dearer_than_quoted),
    "deleted in time": Story(begin=deleted_while_it_renders),
    "deleted late": Story(begin=deleted_after_it_was_posted),
    "cancelled": Story(begin=cancelled_in_the_line),
    "approved": Story(begin=approved),
    "approved and carried": Story(begin=approved_and_carried),
    "approved, replies lost": Story(begin=approved_with_lost_replies),
    "rejected": Story(begin=rejected),
    "rejected in private": Story(begin=rejected_in_private),
    "nobody decides": Story(begin=nobody_decides),
    "cancelled in review": Story(begin=cancelled_in_review),
    "nowhere to look": Story(begin=nowhere_to_look),
    "reported and kept": Story(begin=reported_and_kept),
    "reported and deleted": Story(begin=reported_and_deleted),
    "reported, its member deletes": Story(begin=reported_and_deleted_by_its_member),
    "refused": Story(begin=one_clip, answers=(RequestRefused(note="no"),)),
    "partly refused": Story(begin=variations_with_a_last_frame, answers=(Accept(refused=("no",)),)),
    "put off": Story(begin=one_clip, answers=(NothingMade(note="busy", retry_after=30),)),
    "account blocked": Story(begin=one_clip, answers=(AccountBlocked(note="no credits"),)),
    "reply lost": Story(begin=one_clip, answers=(Accept(reply=InDoubt(note="reset")),)),
    "partly in doubt, with webhooks": Story(
        begin=variations_with_a_last_frame, answers=(Accept(fewer=1),), webhooks=True
    ),
}


async def check(world: World, bot: Bot, *, died: bool) -> None:
    """Hold the vendor's bill, the ledger and the channel against one another at the very end."""
    await bot.check_books()
    orders = [await bot.get(row["id"]) for row in await bot.rows("SELECT id FROM orders")]
    clips = [clip for order in orders for clip in order.clips]
    _check_vendor(world, clips)
    _check_told(world, clips)
    await _check_money(bot, clips)
    for order in orders:
        _check_channel(world, order, died=died)
        await _check_review(world, bot, order, died=died)
        for clip in order.clips:
            await _check_case(world, bot, clip)


def _check_vendor(world: World, clips: list[Clip]) -> None:
    """Nothing is paid twice: no more is made than was ordered, and every id has one clip."""
    known = [clip.vendor_id for clip in clips if clip.vendor_id is not None]
    assert len(known) == len(set(known))
    assert set(known) <= set(world.vendor.bill)
    assert len(world.vendor.bill) <= len(clips)
    lost = set(world.vendor.bill) - set(known)
    assert len(lost) <= sum(clip.state.value == "released" for clip in clips)


def _check_told(world: World, clips: list[Clip]) -> None:
    doubted = any(clip.state.value == "released" for clip in clips)
    told = [text for text in world.courier.told if "was lost" in text]
    assert len(told) <= doubted
    for text in set(world.courier.told):
        assert world.courier.told.count(text) == 1


async def _check_money(bot: Bot, clips: list[Clip]) -> None:
    """Every clip is charged once or not at all, at most its quote; the house has the rest."""
    house = 0
    for clip in clips:
        if clip.state.value in ("posted", "kept"):
            assert clip.charged == min(clip.cost or 0, clip.quote)
            house += (clip.cost or 0) - (clip.charged or 0)
        else:
            assert clip.charged is None
            house += clip.quote if clip.state.value == "released" else clip.cost or 0
    assert await bot.house() == house
    wallets = await bot.rows("SELECT held, charged FROM wallets")
    assert [row["held"] for row in wallets] == [0]
    assert wallets[0]["charged"] == sum(clip.charged or 0 for clip in clips)


def _check_channel(world: World, order: Order, *, died: bool) -> None:
    """Every clip has one message or is kept, and what came of the order was told once."""
    up = [message for message in world.courier.messages.values() if message.order_id == order.id]
    for clip in order.clips:
        posted = clip.state.value == "posted" and not clip.deleted
        mine = [one for one in up if one.kind is MessageKind.CLIP and one.clip_id == clip.id]
        assert [one.ref.message_id for one in mine] == ([clip.message_id] if posted else [])
    charged = [clip for clip in order.clips if clip.charged is not None]
    cancelled = all(clip.reason is FailReason.CANCELLED for clip in order.clips)
    notices = sum(one.kind is MessageKind.NOTICE for one in up)
    shut = {order.place.channel_id} <= world.courier.closed
    assert notices == (0 if charged or cancelled else 1) or (shut and died)
    ahead = [one.parcel.number for one in world.courier.ahead if one.parcel.order_id == order.id]
    assert ahead == ([0, 1] if len(order.clips) == 5 else [])
    cards = [one for one in up if one.kind is MessageKind.CARD]
    assert len(cards) <= 1
    if cards:
        assert cards[0].edits[-1] == "done"
        assert cards[0].edits.count("done") <= 1 + died


async def _check_review(world: World, bot: Bot, order: Order, *, died: bool) -> None:
    """Look that moderators were shown an order once, and were told what became of it."""
    review = await bot.store.review(order.id)
    shown = [one for one in world.review_desk.shown.values() if one.order_id == order.id]
    assert len(shown) == (0 if review is None or world.review_desk.closed else 1)
    if review is None:
        return
    assert review.state is not ReviewState.WAITING
    assert review.state in {one for message in shown for one in message.says[1:]} or not shown
    for message in shown:
        assert len(message.says) <= 2 + died
    decisions = await bot.rows("SELECT kind FROM acts WHERE kind IN ('approve', 'reject')")
    decided = review.state in (ReviewState.APPROVED, ReviewState.REJECTED)
    assert len(decisions) == decided


async def _check_case(world: World, bot: Bot, clip: Clip) -> None:
    """Look that moderators were asked once, and that what they said is what is seen."""
    case = await bot.store.case(clip.id)
    if case is None:
        return
    asked = world.case_desk.asked[clip.id]
    assert case.state is (CaseState.DELETED if clip.deleted else CaseState.KEPT)
    assert (asked[0], asked[-1]) == ("open", case.state.value)
    assert world.case_desk.posts == 1
    if not clip.deleted:
        assert clip.message_id is not None
        assert world.case_desk.covered == {clip.message_id: False}
