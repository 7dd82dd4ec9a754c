"""The bot as a process: how it stops, what it refuses to start with, and what outlives it."""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sandbox.akool_api.faults import Fault as VendorFault
from sandbox.akool_api.settings import Endpoint, Status
from sandbox.bot_process import BotProcess
from sandbox.discord_api.world import Setting
from sandbox.watch import CREATE, FILE, LOOK, RESULT, Request, Watch, When
from tests.e2e.forward import children_of
from tests.e2e.stage import (
    PATIENCE_S,
    animate,
    books,
    ended,
    is_card,
    open_studio,
    spendable,
    stored_videos,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.studio import Studio


async def one_video(studio: Studio) -> None:
    """Let the order end, with one video that was paid once."""
    alice = studio.discord.person("Alice")
    ending = await ended(studio, alice)
    left = await spendable(alice)
    kept = await books(studio)
    assert (len(ending.videos), ending.notices) == (1, ())
    assert (kept.orders, kept.wrong, kept.held) == (1, (), 0)
    assert 100 - left == kept.charged == studio.paid == 4
    assert len({line.request for line in studio.akool.bill}) == 1


# --- stopping ---------------------------------------------------------------------------------


async def test_a_stop_while_it_renders_ends_well_and_loses_nothing(tmp_path: Path) -> None:
    async with open_studio(tmp_path) as studio:
        faults = studio.akool.faults
        rendering = int(Status.PROCESSING)
        faults.add(VendorFault.ODD_STATUS, Endpoint.RESULTS, times=None, value=rendering)
        alice = studio.discord.person("Alice")
        await animate(alice)
        await alice.sees(lambda seen: is_card(seen) and "rendering" in seen.text)
        assert await studio.bot.stop() == 0
        assert not any(map(str.strip, re.findall(r"ERROR.*", studio.bot.log.read_text())))
        faults.clear()
        await studio.start_bot()
        await one_video(studio)


async def test_a_stop_among_two_hundred_renders_takes_under_ten_seconds_and_loses_none(
    tmp_path: Path,
) -> None:
    async with open_studio(tmp_path, DEFAULT_ALLOWANCE="5000", SUBMIT_PER_SECOND="50") as studio:
        rendering = int(Status.PROCESSING)
        studio.akool.faults.add(
            VendorFault.ODD_STATUS, Endpoint.RESULTS, times=None, value=rendering
        )
        people = [studio.discord.join(f"Member{number}") for number in range(10)]
        await asyncio.gather(*(animate(one, variations=2) for one in people for _ in range(10)))
        await studio.discord.pulse.until(
            lambda: True if len(studio.akool.store.clips) == 200 else None, PATIENCE_S
        )
        began = asyncio.get_running_loop().time()
        assert await studio.bot.stop() == 0
        assert asyncio.get_running_loop().time() - began < 10
        kept = await books(studio)
        assert (kept.wrong, kept.charged, len(kept.clips)) == ((), 0, 200)
        assert set(kept.clips) == {"rendering"}


@pytest.mark.parametrize("request_", [CREATE, LOOK, FILE, RESULT], ids=lambda each: each.name)
async def test_a_stop_lets_the_request_under_way_come_to_its_end(
    request_: Request, tmp_path: Path
) -> None:
    watch = Watch()
    async with open_studio(tmp_path, watch.middleware) as studio:
        stopping: list[asyncio.Task[int | None]] = []

        async def stop() -> None:
            stopping.append(asyncio.create_task(studio.bot.stop()))

        watch.at(request_, When.WAITS, stop)
        await animate(studio.discord.person("Alice"))
        await watch.sprung()
        assert await stopping[0] == 0
        await studio.start_bot()
        await one_video(studio)


async def test_a_stop_does_not_wait_for_ever_for_a_vendor_that_keeps_silent(tmp_path: Path) -> None:
    watch = Watch()
    async with open_studio(tmp_path, watch.middleware) as studio:
        studio.akool.faults.add(VendorFault.SILENCE, Endpoint.BATCH)
        alice = studio.discord.person("Alice")
        held = asyncio.Event()

        async def note() -> None:
            held.set()

        watch.at(CREATE, When.WAITS, note)
        await animate(alice)
        await held.wait()
        assert await studio.bot.stop() == 0
        studio.akool.faults.clear()
        await studio.start_bot()
        ending = await ended(studio, alice)
        assert (len(ending.videos), len(ending.notices)) == (0, 1)
        assert await spendable(alice) == 100
        assert (await books(studio)).wrong == ()


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux's process descriptors")
async def test_no_process_of_a_killed_bot_lives_on(tmp_path: Path) -> None:
    async with open_studio(tmp_path) as studio:
        alice = studio.discord.person("Alice")
        await animate(alice)
        await ended(studio, alice)
        children = children_of(studio.bot.pid or 0)
        assert children
        await studio.bot.kill()
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*map(end_of, children))


async def end_of(pid: int) -> None:
    """Wait until a process has ended."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop, ending = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, ending.set)
    try:
        await ending.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


# --- starting ---------------------------------------------------------------------------------


async def refused(studio: Studio, **variables: str) -> tuple[int, str]:
    """Run one more bot, which is to end by itself; return its exit code and what it said."""
    process = BotProcess(studio.folder, studio.bot.settings | variables)
    async with asyncio.timeout(PATIENCE_S):
        finished = await process.command()
    assert "Traceback" not in finished.errors
    return finished.code, finished.errors


async def test_a_second_bot_on_the_same_database_is_refused(tmp_path: Path) -> None:
    async with open_studio(tmp_path) as studio:
        code, said = await refused(studio)
        assert code == 1
        assert "the bot can't run:" in said
        assert str(studio.database) in said
        await animate(studio.discord.person("Alice"))
        await one_video(studio)


async def test_a_wrong_token_is_said_and_ends_with_78(tmp_path: Path) -> None:
    setting = Setting(token="the.right.one")
    async with open_studio(tmp_path, setting=setting, bot_starts=False) as studio:
        code, said = await refused(studio)
        assert code == 78
        assert "DISCORD_TOKEN: Discord does not know this token" in said
        assert "sandbox.bot.token" not in said


async def test_a_token_that_is_changed_while_the_bot_runs_is_said_and_ends_with_78(
    tmp_path: Path,
) -> None:
    async with open_studio(tmp_path) as studio:
        world = studio.discord.world
        world.setting = replace(world.setting, token="another.one.now")
        studio.discord.gateway.invalidate(resumable=False)
        async with asyncio.timeout(PATIENCE_S):
            await studio.bot.ended()
        assert studio.bot.returncode == 78
        assert "DISCORD_TOKEN: Discord does not know this token" in studio.bot.last_words()
        assert "Traceback" not in studio.bot.log.read_text()


@pytest.mark.parametrize(
    ("variables", "sentences"),
    [
        (
            {"DISCORD_TOKEN": "", "POLL_SECONDS": "often", "AKOOL_API_KEY": ""},
            ("DISCORD_TOKEN: required", "POLL_SECONDS: ", "AKOOL_API_KEY: required"),
        ),
        ({"DATABASE_URL": "mysql://nope"}, ("DATABASE_URL: ",)),
        ({"GUILDS": "our server"}, ("GUILDS: ",)),
    ],
    ids=["several", "database", "guilds"],
)
async def test_bad_settings_are_all_said_and_end_with_78(
    variables: dict[str, str], sentences: tuple[str, ...], tmp_path: Path
) -> None:
    async with open_studio(tmp_path, bot_starts=False) as studio:
        code, said = await refused(studio, **variables)
    assert code == 78
    assert all(any(line.startswith(each) for line in said.splitlines()) for each in sentences)


async def test_a_database_folder_that_can_not_be_made_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    async with open_studio(tmp_path, bot_starts=False) as studio:
        code, said = await refused(studio, DATABASE_URL=f"sqlite:///{blocked}/muybridge.db")
    assert code == 1
    assert said.startswith("the bot can't run:")
    assert str(blocked) in said


# --- what stays ---------------------------------------------------------------------------------


def unfinished(studio: Studio) -> list[Path]:
    """List what only a fetch under way may leave in the media store."""
    return [each for each in (studio.folder / "media").rglob("*") if ".part" in each.name]


async def test_a_clip_is_stored_once_and_nothing_else_lies_about(tmp_path: Path) -> None:
    async with open_studio(tmp_path) as studio:
        alice = studio.discord.person("Alice")
        await animate(alice)
        ending = await ended(studio, alice)
        (stored,) = stored_videos(studio)
        assert stored.read_bytes() == ending.videos[0].files[0].data
        await books(studio)
        assert unfinished(studio) == []
