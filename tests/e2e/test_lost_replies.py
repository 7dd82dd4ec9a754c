"""Replies to paid requests that are lost, wholly or in part: nothing is paid twice or lost."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

import pytest

from bench.crash.points import LATER, SEEN, SENTENCE
from bench.crash.running import DOOMED, HOUR_MS
from sandbox.akool_api.faults import Fault as VendorFault
from sandbox.akool_api.settings import Endpoint
from sandbox.studio import BotDiedError
from sandbox.watch import CREATE, Watch, When
from tests.e2e.stage import PATIENCE_S, animate, books, ended, is_notice, is_video, spendable
from tests.e2e.test_public import port, reachable

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.studio import Studio
    from tests.e2e.conftest import Scene

__all__ = ["port"]  # a fixture

QUOTE: Final = 20
"""Credits of a clip by the vendor's list; it then takes four."""


async def told_operator(studio: Studio, clips: int) -> str:
    """Wait until the operator has read of so many clips in doubt."""
    owner = studio.discord.person("Eadweard")
    seen = await owner.gets_dm(lambda one: f"{clips} clip(s)" in one.text, seconds=PATIENCE_S)
    return seen.text


# --- without an address that a webhook could reach --------------------------------------------


class TestWithoutWebhooks:
    """Nothing can bring the clips back, so they are released at once."""

    pytestmark = pytest.mark.asyncio(loop_scope="module")

    @pytest.mark.parametrize(
        "fault", [VendorFault.ERROR_AFTER, VendorFault.CODE_AFTER, VendorFault.CUT_JSON]
    )
    async def test_a_lost_reply_concerns_every_clip_of_the_send(
        self, fault: VendorFault, scene: Scene
    ) -> None:
        scene.studio.akool.faults.add(fault, Endpoint.BATCH)
        offer = await scene.animate(variations=2)
        await scene.alice.answered(offer, lambda one: "Order #" in one.text)
        ending = await scene.ended()
        kept = await scene.account()
        assert (len(ending.videos), len(ending.notices)) == (0, 1)
        assert (kept.clips, kept.charged, kept.held, kept.wrong) == (("released",) * 2, 0, 0, ())
        assert len({line.request for line in scene.bill}) == 1
        assert kept.house >= scene.paid == 8
        assert await scene.spendable() == 100
        assert f"up to {kept.house} credits" in await told_operator(scene.studio, 2)

    async def test_a_list_that_is_too_short_concerns_only_what_it_leaves_out(
        self, scene: Scene
    ) -> None:
        scene.studio.akool.faults.add(VendorFault.SHORT_LIST, Endpoint.BATCH)
        await scene.animate(variations=2)
        ending = await scene.ended(videos=1)
        kept = await scene.account()
        assert (len(ending.videos), ending.notices) == (1, ())
        assert sorted(kept.clips) == ["posted", "released"]
        assert kept.charged == 100 - await scene.spendable() == 4
        assert (kept.wrong, len({line.request for line in scene.bill})) == ((), 1)
        assert kept.charged + kept.house >= scene.paid == 8
        assert "1 clip(s)" in await told_operator(scene.studio, 1)


# --- with one ---------------------------------------------------------------------------------


async def all_videos(studio: Studio, clips: int, *, house: int = 0) -> None:
    """Let the order end with all its videos, of one paid request; the rest is the house's."""
    alice = studio.discord.person("Alice")
    ending = await ended(studio, alice, videos=clips)
    left = await spendable(alice)
    kept = await books(studio)
    assert (len(ending.videos), kept.clips) == (clips, ("posted",) * clips)
    assert (kept.orders, kept.wrong, kept.held) == (1, (), 0)
    assert kept.charged == 100 - left == studio.paid - house
    assert kept.house == house
    assert len({line.request for line in studio.akool.bill}) == 1


@pytest.mark.parametrize(
    ("fault", "value"),
    [(VendorFault.CUT_JSON, None), (VendorFault.SHORT_LIST, 1), (VendorFault.ERROR_AFTER, 429)],
    ids=["wholly lost", "partly lost", "refused for now, and made all the same"],
)
async def test_webhooks_bring_every_clip_of_a_lost_reply_back(
    fault: VendorFault, value: int | None, port: int, tmp_path: Path
) -> None:
    async with reachable(tmp_path, port) as studio:
        studio.akool.faults.add(fault, Endpoint.BATCH, value=value)
        await animate(studio.discord.person("Alice"), variations=2)
        await all_videos(studio, 2)


async def test_a_clip_that_turns_up_after_its_hour_is_delivered_free(
    port: int, tmp_path: Path
) -> None:
    watch = Watch()
    sentence = tmp_path / "sentence"
    extra = {SENTENCE: str(sentence), SEEN: str(tmp_path / "seen")}
    opening = reachable(tmp_path, port, watch.middleware, fetching=False, program=DOOMED, **extra)
    async with opening as studio:
        alice = studio.discord.person("Alice")
        studio.akool.faults.add(VendorFault.SLOW, Endpoint.BATCH)
        watch.at(CREATE, When.CARRIED_OUT, studio.bot.kill)
        await animate(alice)
        await watch.sprung()
        sentence.write_text("after finish_send 1")  # the doubt is written down, and it dies
        with contextlib.suppress(BotDiedError):
            await studio.start_bot()
        await studio.bot.ended()
        sentence.unlink()
        studio.bot.settings[LATER] = str(HOUR_MS + 1)
        await studio.start_bot()
        await alice.sees(is_notice, seconds=PATIENCE_S)
        assert await spendable(alice) == 100
        studio.akool.let_finish()
        video = await alice.sees(is_video, seconds=PATIENCE_S)
        assert "not charged" in video.text
        await all_videos(studio, 1, house=studio.paid)
