"""A form comes back as it was kept, is kept anew, and is forgotten after a day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jobs.asking import Animate, Upload
from jobs.forms import LIFETIME_MS, Form, FormKind
from jobs.model import GuildRules, Picture, Place
from jobs.sheets import Sheet
from jobs.stores import SendResult
from tests.storage.contract.desk import GUILD, member

if TYPE_CHECKING:
    from tests.storage.contract.desk import Desk


def a_form(desk: Desk) -> Form:
    return Form(
        id=desk.id(),
        kind=FormKind.MENU,
        guild_id=GUILD,
        user_id=7,
        asked=Animate(prompt="half a \ud83d, and “quotes”", avoid="blur", seconds=10, sound=True),
        pictures=(Picture(key="a.png", link="https://cdn.invalid/a", bytes=5),),
        last_frame=Picture(key="b.png"),
        uploads=(Upload(link="https://cdn.invalid/c", name="c.png", size=3),),
        place=Place(channel_id=5, upload_limit=7, lies_in=(6,), age_restricted=True),
        created_at=desk.now,
    )


async def test_a_form_comes_back_as_it_was_kept(desk: Desk) -> None:
    form = a_form(desk)
    await desk.store.save_form(form)
    assert await desk.store.form(form.id) == form


async def test_a_moderators_form_comes_back_as_it_was_kept_and_is_no_members_form(
    desk: Desk,
) -> None:
    sheet = Sheet(
        id=desk.id(),
        kind="wallet-grant",
        guild_id=GUILD,
        user_id=7,
        about=8,
        typed={"credits": "ma\0ny \ud83d", "reason": "“thanks”"},
        created_at=desk.now,
    )
    await desk.store.save_sheet(sheet)
    assert await desk.store.sheet(sheet.id) == sheet
    assert await desk.store.form(sheet.id) is None
    form = a_form(desk)
    await desk.store.save_form(form)
    assert await desk.store.sheet(form.id) is None
    assert await desk.store.sheet(4) is None


async def test_an_unknown_form_is_none(desk: Desk) -> None:
    assert await desk.store.form(4) is None


async def test_what_stands_in_a_form_is_kept_anew(desk: Desk) -> None:
    form = a_form(desk)
    await desk.store.save_form(form)
    newer = replace(form, asked=Animate(prompt="smoke"), pictures=(), uploads=())
    await desk.store.save_form(newer)
    assert await desk.store.form(form.id) == newer


async def test_forms_of_yesterday_go_when_another_one_opens(desk: Desk) -> None:
    old = a_form(desk)
    await desk.store.save_form(old)
    desk.now += LIFETIME_MS + 1
    young = a_form(desk)
    await desk.store.save_form(young)
    assert await desk.store.form(old.id) is None
    assert await desk.store.form(young.id) == young


async def test_a_server_may_forbid_the_use_of_others_pictures(desk: Desk) -> None:
    assert (await desk.store.rules(GUILD)).reuse is GuildRules().reuse is True
    await desk.write("INSERT INTO guilds (guild_id, reuse) VALUES ($1, 0)", GUILD)
    assert (await desk.store.rules(GUILD)).reuse is False


async def test_a_batch_has_a_send_and_a_hold_for_each_picture_and_failures_release_theirs(
    desk: Desk,
) -> None:
    before = (await desk.store.wallet(member(), desk.now)).spendable
    ordered = await desk.place(member(), pictures=3)
    order = await desk.order(ordered.order_id)
    assert len({clip.send_id for clip in order.clips}) == 3
    assert (await desk.store.wallet(member(), desk.now)).held == 30
    first, *others = await desk.send_out()
    assert [len(send.clip_ids) for send in (first, *others)] == [1, 1, 1]
    refused = SendResult(send_id=first.id, refused=((first.clip_ids[0], "no"),))
    await desk.store.finish_send(refused, desk.now)
    view = await desk.store.wallet(member(), desk.now)
    assert (view.held, view.spendable) == (20, before - 20)
