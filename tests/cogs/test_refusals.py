"""Every way of being declined has a sentence of its own, which ends in what to do next."""

from __future__ import annotations

import re

import pytest

from cogs import words
from cogs.refusals import sentence
from jobs import errors, guard_errors, room_errors
from jobs.errors import (
    AboveClipLimit,
    BadAmount,
    BadExpiry,
    BadOption,
    BadPicture,
    BadSource,
    BadTrack,
    BlockedText,
    CannotPostThere,
    CeilingReached,
    Declined,
    DraftGone,
    FormGone,
    MemberBlocked,
    ModeratorsOnly,
    NoCatalogue,
    NoEffects,
    NoPictures,
    NoPrompt,
    NoReuse,
    NoSuchEntry,
    NoSuchOrder,
    NotEnoughCredits,
    NothingFailed,
    NothingGranted,
    NothingLeft,
    NotModerator,
    NotOffered,
    NotServed,
    NotYourOrder,
    NotYours,
    OptionKind,
    OrderDeleted,
    OrderGone,
    PictureFault,
    PriceRose,
    RecordsSlow,
    ReportFault,
    ReportRefused,
    ReviewClosed,
    SourceFault,
    StorageDown,
    TooManyAtOnce,
    TooManyRules,
    TrackFault,
    UndoneBefore,
    WalletFrozen,
)
from jobs.guard_errors import (
    AgeRestrictedOnly,
    BadSetting,
    ChoiceGone,
    CoolingDown,
    GuildPaused,
    NeedsRole,
    NotHere,
    OverLimit,
    PanelOld,
    PoolReached,
    Use,
)
from jobs.room_errors import (
    CannotShare,
    ChannelGone,
    GuildGone,
    LeftGuild,
    NotWelcome,
    NowhereToPost,
    ShareFault,
)
from tests.fakes import START

LIMITED = (OptionKind.MODEL, OptionKind.RESOLUTION, OptionKind.SECONDS, OptionKind.VARIATIONS)

SAMPLES = [
    NotEnoughCredits(price=48, spendable=12, renews_at=START),
    NotEnoughCredits(price=48, spendable=12, renews_at=None),
    PriceRose(draft_id=1, before=40, now=48),
    AboveClipLimit(price=300, limit=120),
    CeilingReached(opens_at=START),
    TooManyAtOnce(running=18, asked=4, limit=20),
    TooManyAtOnce(running=20, asked=1, limit=20),
    WalletFrozen(),
    BlockedText(option=OptionKind.PROMPT),
    BlockedText(option=OptionKind.AVOID),
    MemberBlocked(),
    *(ReportRefused(fault=fault) for fault in ReportFault),
    ReviewClosed(),
    TooManyRules(limit=500),
    PoolReached(price=12, left=3, opens_at=START),
    CoolingDown(until=START),
    GuildPaused(since=START),
    NotHere(channels=(5,)),
    NotHere(channels=tuple(range(1, 30))),
    AgeRestrictedOnly(),
    *(NeedsRole(use=use, roles=(5,)) for use in Use),
    NeedsRole(use=Use.BATCH, roles=tuple(range(1, 30))),
    *(OverLimit(option=one, asked="*x*", allowed=("a", "b_c")) for one in LIMITED),
    CannotPostThere(missing=("view_channel",), channel_id=5),
    BadSetting(setting="cooldown_s", typed="a *lot*", low=0, high=86400),
    BadSetting(setting="zone", typed="Atlantis"),
    ChoiceGone(),
    PanelOld("settings"),
    NoCatalogue(),
    NoEffects(),
    NotOffered(),
    CannotPostThere(missing=("view_channel", "attach_files")),
    CannotPostThere(missing=("connect", "manage_threads", "private_thread"), channel_id=7),
    ChannelGone(channel_id=7),
    NowhereToPost(channel_id=7),
    LeftGuild(guild_id=7),
    GuildGone(guild_id=7),
    NotWelcome(channel_id=7),
    *(CannotShare(fault=fault, channel_id=7) for fault in ShareFault),
    NotYours(),
    FormGone(),
    RecordsSlow(),
    NoPictures(),
    NoPrompt(),
    NoReuse(),
    NothingFailed(),
    DraftGone(),
    OrderGone(),
    NoSuchOrder(typed="#zz<@42>"),
    OrderDeleted(typed="1a2b"),
    NotYourOrder(),
    NotModerator(),
    NotServed(),
    StorageDown(),
    BadExpiry(typed="*soon* @here"),
    BadAmount(typed="*many* @here", most=1_000_000),
    NothingGranted(),
    NoSuchEntry(typed="#zz<@42>"),
    UndoneBefore(),
    NothingLeft(),
    ModeratorsOnly(),
    *(BadOption(option=option, value="*x*", offered=("a", "b_c")) for option in OptionKind),
    *(BadOption(option=option, value="") for option in OptionKind),
    *(BadPicture(fault=fault, found="heic", limit=20 * 1024 * 1024) for fault in PictureFault),
    *(BadTrack(fault=fault, limit=20 * 1024 * 1024) for fault in TrackFault),
    *(BadSource(fault=fault, typed="#zz<@42>") for fault in SourceFault),
]

NEXT_STEP = re.compile(
    r"\b(Choose|wait|ask|Ask|Try|try|Press|press|Attach|attach|Use|use|Save|Shorten|Leave|Scale|Say)\b"
)


def kinds() -> set[type[Declined]]:
    """Return every kind of refusal there is."""
    return {
        one
        for one in (
            *vars(errors).values(),
            *vars(guard_errors).values(),
            *vars(room_errors).values(),
        )
        if isinstance(one, type) and issubclass(one, Declined) and one is not Declined
    }


def test_every_kind_of_refusal_is_among_the_samples() -> None:
    assert {type(sample) for sample in SAMPLES} == kinds()


@pytest.mark.parametrize("declined", SAMPLES, ids=lambda one: str(one)[:40])
def test_a_refusal_says_what_is_the_matter_and_what_to_do(declined: Declined) -> None:
    said = sentence(declined)
    assert said != words.DECLINED()
    assert NEXT_STEP.search(said), said
    assert said.endswith(".")
    assert "{" not in said
    assert "None" not in said
    assert len(said) < 400
    assert type(declined).__name__ not in said


def test_refusals_of_different_kinds_read_differently() -> None:
    said = [sentence(sample) for sample in SAMPLES]
    assert len(set(said)) >= len(kinds()) + len(PictureFault) - 1


def test_a_kind_without_words_of_its_own_still_says_that_nothing_was_spent() -> None:
    class Unworded(Declined):
        """A refusal that came later."""

    assert sentence(Unworded()) == words.DECLINED()


def test_a_hostile_value_can_not_ping_from_a_refusal() -> None:
    said = sentence(
        BadOption(option=OptionKind.MODEL, value="<@42> @everyone `x`", offered=("@here",))
    )
    assert "<@42>" not in said
    assert "@everyone" not in said
    assert "@here" not in said
    assert "\\`x\\`" in said


def test_a_long_list_of_models_is_cut_to_fit_a_message() -> None:
    offered = tuple(f"model number {number} " + "x" * 100 for number in range(100))
    said = sentence(BadOption(option=OptionKind.MODEL, value="x" * 2000, offered=offered))
    assert len(said) < 2000


@pytest.mark.parametrize(("count", "rest"), [(6, "and 1 more "), (7, "and 2 more ")])
def test_what_is_not_listed_is_counted_in_good_english(count: int, rest: str) -> None:
    many = "s" if count > 6 else ""
    ids = tuple(range(1, count + 1))
    assert f"{rest}channel{many}." in sentence(NotHere(channels=ids))
    assert f"{rest}role{many} here." in sentence(NeedsRole(use=Use.EFFECTS, roles=ids))
