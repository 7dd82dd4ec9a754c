"""Cards, results and notices say what is true, fit a message, and carry nothing that pings."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cogs import words
from cogs.escape import length
from cogs.posts import LIMIT, card, card_head, notice, result
from jobs.ids import code
from jobs.model import Source
from jobs.ports import FittedVideo
from jobs.progress import progress_of
from jobs.schedule import LIFETIME_MS
from jobs.states import ClipState, FailReason
from tests.cogs.scenes import an_order, naming, with_clips
from tests.cogs.test_escape import ADDRESS, HIDDEN, MENTION, NASTY
from tests.fakes import START

if TYPE_CHECKING:
    from jobs.model import Order

S = ClipState
HEAD = f"**Order #{code(4000)}** for <@42>"
SECOND = START // 1000
VIDEO = FittedVideo(path=Path("clip.mp4"), bytes=1000, shrunk=False, height=720)


def drawn(order: Order, later_s: int = 0) -> list[str]:
    now = START + later_s * 1000
    return card(order, progress_of(order, now), naming).splitlines()


# --- the card -------------------------------------------------------------------------------


def test_a_queued_card_tells_its_place_in_line() -> None:
    order = with_clips(an_order(4), *[S.QUEUED] * 4, submitted_at=None)
    assert drawn(replace(order, ahead=3)) == [
        f"{HEAD}: queued, 3 ahead",
        "> a slow push-in, steam rising",
        "-# Seedance 1.0 Pro · 720p · 5 s · 4 clips · 48 credits",
    ]
    assert drawn(order)[0] == f"{HEAD}: queued, next in line"


def test_a_rendering_card_tells_when_it_is_usually_ready() -> None:
    order = an_order(2)
    assert drawn(order)[0] == f"{HEAD}: rendering, usually ready <t:{SECOND + 120}:R>"
    unknown = replace(order, quote=replace(order.quote, wait=None))
    assert drawn(unknown)[0] == f"{HEAD}: rendering, started <t:{SECOND}:R>"


def test_a_rendering_card_counts_what_is_ready_and_what_is_lost() -> None:
    order = with_clips(an_order(4), S.POSTED, S.RENDERING, S.FAILED, S.RENDERING)
    assert drawn(order)[0] == (
        f"{HEAD}: rendering, usually ready <t:{SECOND + 120}:R>; 1 of 4 ready; 1 not charged"
    )


def test_a_card_of_several_pictures_has_a_line_for_each() -> None:
    order = with_clips(an_order(4), S.POSTED, S.RENDERING, S.FAILED, S.QUEUED)
    options = replace(order.options, pictures=order.options.pictures * 4, variations=1)
    assert drawn(replace(order, options=options))[2:-1] == [
        "-# Picture 1: ready",
        "-# Picture 2: in the making",
        "-# Picture 3 did not work out",
        "-# Picture 4: in the making",
    ]
    assert "Picture" not in "".join(drawn(order))


@pytest.mark.parametrize("states", [[S.RENDERING] + [S.FAILED] * 9, [S.POSTED] + [S.FAILED] * 9])
def test_ten_pictures_with_long_notes_still_fit_a_message(states: list[ClipState]) -> None:
    order = with_clips(an_order(10), *states)
    clips = tuple(replace(clip, note="*" * 200) for clip in order.clips)
    options = replace(
        order.options, pictures=order.options.pictures * 10, variations=1, prompt="*" * 2000
    )
    text = "\n".join(drawn(replace(order, clips=clips, options=options)))
    assert length(text) <= LIMIT


def test_a_slow_card_says_that_it_takes_longer_and_what_that_costs() -> None:
    assert drawn(an_order(), later_s=600)[0] == (
        f"{HEAD}: taking longer than usual, started <t:{SECOND}:R>; nothing is charged without a "
        "video"
    )


@pytest.mark.parametrize(
    ("states", "charged", "expected"),
    [
        ([S.POSTED], 12, "1 clip ready, 12 credits"),
        ([S.POSTED] * 4, 12, "4 clips ready, 48 credits"),
        (
            [S.POSTED, S.POSTED, S.POSTED, S.FAILED],
            12,
            "3 of 4 clips ready, 36 credits; 1 did not work out and was not charged",
        ),
        (
            [S.POSTED, S.RELEASED, S.FAILED],
            12,
            "1 of 3 clips ready, 12 credits; 2 did not work out and were not charged",
        ),
        (
            [S.POSTED, S.KEPT],
            12,
            "2 clips ready, 24 credits; 1 could not be posted here: `/videos` has it",
        ),
        ([S.FAILED] * 2, None, "no video came of it, and nothing was charged"),
        ([S.CANCELLED] * 2, None, "cancelled, and nothing was charged"),
    ],
)
def test_a_finished_card_is_one_line(
    states: list[ClipState], charged: int | None, expected: str
) -> None:
    order = an_order(len(states))
    order = with_clips(order, *states)
    clips = tuple(
        replace(clip, charged=charged if clip.state in (S.POSTED, S.KEPT) else None)
        for clip in order.clips
    )
    assert drawn(replace(order, clips=clips)) == [f"{HEAD}: {expected}"]


def test_a_card_begins_with_what_it_is_found_by() -> None:
    order = an_order()
    for states in ([S.QUEUED], [S.RENDERING], [S.POSTED], [S.FAILED]):
        one = with_clips(order, *states)
        assert drawn(one)[0].startswith(card_head(order))
    other = an_order(id=4001)
    assert not drawn(order)[0].startswith(card_head(other))


# --- results --------------------------------------------------------------------------------


def shown(order: Order, video: FittedVideo | None = VIDEO, *, direct: bool = False) -> list[str]:
    return result(order, order.clips[0], video, naming, direct=direct).splitlines()


def test_a_result_tells_prompt_settings_cost_and_order() -> None:
    order = with_clips(an_order(), S.POSTING, charged=10)
    assert shown(order) == [
        "<@42>, here is your clip.",
        "> a slow push-in, steam rising",
        f"-# Seedance 1.0 Pro · 720p · 5 s · 10 credits · #{code(4000)}",
    ]


def test_one_of_several_says_which_and_what_was_to_be_avoided() -> None:
    order = with_clips(an_order(3), *[S.POSTING] * 3, charged=10)
    order = replace(order, options=replace(order.options, avoid="blur *and* noise"))
    second = result(order, order.clips[1], VIDEO, naming, direct=False).splitlines()
    assert second[0] == "<@42>, here is clip 2 of 3."
    assert second[2] == "-# avoiding: blur \\*and\\* noise"


def test_a_clip_that_turned_up_free_says_so() -> None:
    order = with_clips(an_order(), S.POSTING, charged=0, free=True)
    assert "not charged" in shown(order)[2]


def test_a_private_result_says_where_it_was_asked_for() -> None:
    order = an_order(2)
    order = replace(order, options=replace(order.options, private=True))
    assert shown(order, direct=True)[0] == "Here is your private clip 1 of 2 from <#7>."
    assert shown(an_order(), direct=True)[0] == "I could not post in <#7>, so here is your clip."


def test_the_first_result_of_a_new_member_ends_in_how_to_go_on() -> None:
    order = with_clips(an_order(), S.POSTING)
    assert "Your first clip!" not in "".join(shown(order))
    new = with_clips(order, S.POSTING, newcomer=True)
    added = [line for line in shown(new) if line not in shown(order)]
    assert added == shown(new)[-1:]
    for what in ("**Again**", "**Edit**", "`/videos`", "`/help`"):
        assert what in added[0]
    long = replace(new, options=replace(new.options, prompt="x" * 4000))
    assert len("\n".join(shown(long))) <= 2000


def test_the_first_hint_names_only_what_such_a_result_has() -> None:
    new = with_clips(an_order(), S.POSTING, newcomer=True)
    effect = replace(new.options, prompt="", effect="squish_1", effect_name="Squish")
    sound = replace(new.options, source=Source(clip_id=1, vendor_id="v", name="abc"))
    assert "**Edit** lets you change the words" in shown(new)[-1]
    assert "**Edit** changes size, length or sound" in shown(replace(new, options=effect))[-1]
    assert "Edit" not in shown(replace(new, options=sound))[-1]


def test_a_shrunk_file_says_so() -> None:
    small = replace(VIDEO, shrunk=True, height=360)
    assert shown(an_order(), small)[-1] == "-# Made smaller (360p) to fit the upload limit here."
    unsized = replace(VIDEO, shrunk=True, height=0)
    assert shown(an_order(), unsized)[-1] == "-# Made smaller to fit the upload limit here."


def test_a_link_says_when_it_ends() -> None:
    order = with_clips(an_order(), S.POSTING, video_link="https://vendor.example/a.mp4?x=1")
    end = (START + LIFETIME_MS) // 1000
    assert shown(order, None)[-1] == (
        "It is too large to upload here. [Watch or save it](https://vendor.example/a.mp4?x=1) "
        f"until <t:{end}:f> (<t:{end}:R>)."
    )


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "https://x.example/" + "a" * 2000])
def test_without_a_usable_link_the_clip_is_said_to_be_kept(address: str) -> None:
    order = with_clips(an_order(), S.POSTING, video_link=address)
    text = "\n".join(shown(order, None))
    assert text.endswith("\nIt is too large to upload here, and is kept.")
    assert len(text) <= 2000


# --- notices --------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", list(FailReason))
def test_a_notice_says_why_that_nothing_was_charged_and_what_to_do(reason: FailReason) -> None:
    order = with_clips(an_order(2), S.FAILED, S.FAILED, reason=reason, note="moderation")
    first, second = notice(order, direct=False).splitlines()
    assert first == f"<@42>, no video came of order #{code(4000)}, and nothing was charged."
    assert re.search(r"\*\*Again\*\*|/animate", second), second
    assert "{" not in second


def test_the_vendors_note_is_quoted_where_it_is_the_vendors() -> None:
    order = with_clips(an_order(), S.FAILED, reason=FailReason.REFUSED, note="<@42> `bad` prompt")
    assert "turned it down (“<" not in notice(order, direct=False)
    assert "(“\\<@\u200b42\\> \\`bad\\` prompt”)" in notice(order, direct=False)
    doubt = with_clips(an_order(), S.FAILED, reason=FailReason.IN_DOUBT, note="HTTP 502")
    assert "502" not in notice(doubt, direct=False)


def test_a_notice_in_a_direct_message_names_the_channel() -> None:
    order = with_clips(an_order(), S.FAILED, reason=FailReason.NEVER_FINISHED)
    assert "of order #" in notice(order, direct=True)
    assert "in <#7>" in notice(order, direct=True)


def test_the_reason_that_most_clips_share_is_told() -> None:
    order = with_clips(an_order(3), *[S.FAILED] * 3, reason=FailReason.REFUSED, note="")
    odd = replace(order.clips[0], reason=FailReason.NOT_FETCHED)
    order = replace(order, clips=(odd, *order.clips[1:]))
    assert words.REASON_REFUSED(note="") in notice(order, direct=False)


# --- nothing that anybody wrote can ping, link or break out -----------------------------------


@pytest.mark.parametrize("text", NASTY)
def test_no_text_from_outside_can_ping_or_link_from_any_message(text: str) -> None:
    order = an_order(2)
    options = replace(order.options, prompt=text, avoid=text, model=text, resolution=text)
    order = replace(order, options=options)
    failed = with_clips(order, S.FAILED, S.FAILED, reason=FailReason.REFUSED, note=text)
    messages = [
        card(order, progress_of(order, START), lambda model: model),
        result(order, order.clips[0], VIDEO, lambda model: model, direct=False),
        result(order, order.clips[0], None, lambda model: model, direct=True),
        notice(failed, direct=False),
    ]
    for message in messages:
        assert length(message) <= 2000
        foreign = message.replace("<@42>", "").replace("<#7>", "")
        foreign = re.sub(r"<t:\d+:\w>", "", foreign)
        assert not MENTION.search(foreign), message
        assert not ADDRESS.search(foreign), message
        assert not HIDDEN.search(foreign.replace("\n", "")), message
        assert "```" not in foreign
        message.encode("utf-8")


def test_what_waits_for_a_paused_server_says_so() -> None:
    waiting = with_clips(an_order(2), S.QUEUED, S.QUEUED, submitted_at=None)
    assert drawn(replace(waiting, paused=True))[0] == (
        f"{HEAD}: queued; it waits, because moderators paused me here"
    )
    partly = replace(with_clips(an_order(2), S.RENDERING, S.QUEUED), paused=True)
    assert drawn(partly)[0].endswith("; the rest waits, because moderators paused me here")
    done = replace(with_clips(an_order(2), S.POSTED, S.POSTED), paused=True)
    assert "paused" not in drawn(done)[0]
