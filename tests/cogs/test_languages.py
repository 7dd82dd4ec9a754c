"""Who asks is answered in the own language; what all can read is in the server's language."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from cogs import content_words, form_words, sound_words, words
from cogs.client import Muybridge
from cogs.courier import DiscordCourier
from cogs.language import LOCALES, speaking
from cogs.posts import card, card_head
from cogs.review_desk import DiscordReviewDesk
from jobs.clock import SystemClock
from jobs.ids import from_code
from jobs.model import Member, Place
from jobs.ports import MessageKind
from jobs.progress import progress_of
from jobs.reviews import Review, ReviewState
from sandbox.discord_api.server import DiscordSandbox
from sandbox.discord_api.world import Setting
from tests.cogs.scenes import PICTURE, an_order, last, naming
from tests.fakes import START, FakeClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from cogs.client import Services
    from jobs.model import Order
    from sandbox.discord_api.seen import Seen
    from sandbox.people import Person
    from tests.cogs.scenes import FaultyStore, Scene

PATIENCE_S = 60


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that agrees with the sandbox's."""
    return FakeClock(SystemClock().now())


@dataclass
class Stage:
    """A Japanese server in which Alice's Discord is German, and processes that come and go."""

    discord: DiscordSandbox
    services: Services
    store: FaultyStore
    clock: FakeClock

    @property
    def alice(self) -> Person:
        return self.discord.person("Alice")

    @property
    def bob(self) -> Person:
        return self.discord.person("Bob")

    @asynccontextmanager
    async def process(self) -> AsyncIterator[DiscordCourier]:
        """Run the bot for a while."""
        bot = Muybridge(self.services, sync=True)
        running = asyncio.create_task(bot.start("any-token"))
        try:
            await self.discord.ready(PATIENCE_S)
            yield DiscordCourier(bot, self.services.catalogue, self.clock)
        finally:
            await bot.close()
            await running
            await self.discord.gone(PATIENCE_S)

    async def ordered(self, who: Person | None = None, **options: Any) -> Seen:  # noqa: ANN401
        """Run `/animate` and return its receipt."""
        who = who or self.alice
        filled = {"image": PICTURE, "prompt": "steam rises", **options}
        answer = await who.slash("animate", **filled)
        return await who.answered(answer)

    async def order(self, receipt: Seen) -> Order:
        """Return the order of a receipt as the database has it, for whichever process looks."""
        found = re.search(r"#([0-9a-z]+)", receipt.text)
        assert found is not None, receipt.text
        id_ = from_code(found[1])
        assert id_ is not None
        return await self.services.ordering.order(id_)

    def public(self) -> list[Seen]:
        """Return what everybody sees in the channel, oldest first."""
        return [one for one in self.bob.read() if not one.private_to]


@pytest.fixture
async def stage(
    services: Services, store: FaultyStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """Open the server, and put discord.py's addresses back afterwards."""
    async with DiscordSandbox(Setting(locale="ja")) as sandbox:
        monkeypatch.setattr(Route, "BASE", sandbox.api_base)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
        sandbox.person("Alice").speaks("de")
        yield Stage(sandbox, services, store, clock)


async def test_the_receipt_is_in_the_askers_language_and_the_card_in_the_servers(
    stage: Stage,
) -> None:
    async with stage.process() as courier:
        receipt = await stage.ordered()
        assert "dir bleiben" in receipt.text
        order = await stage.order(receipt)
        assert (order.place.locale, order.place.guild_locale) == ("de", "ja")
        progress = progress_of(order, stage.clock.now())
        await courier.post_card(order, progress, ())
        (seen,) = stage.public()
        with speaking("ja"):
            assert seen.text == card(order, progress, naming)
            assert [one.label for one in seen.buttons] == [words.CANCEL()]
    assert seen.text != card(order, progress, naming)


async def test_both_languages_outlive_the_process_that_heard_them(stage: Stage) -> None:
    async with stage.process():
        public = await stage.ordered()
        private = await stage.ordered(private=True)
    async with stage.process() as courier:
        await courier.post_notice(await stage.order(public), direct=False)
        await courier.post_notice(await stage.order(private), direct=True)
        order = await stage.order(public)
        await courier.post_clip(order, order.clips[0], None, direct=False)
    (direct,) = stage.alice.dms()
    assert "nichts wurde berechnet" in direct.text
    assert [one.label for one in direct.buttons] == ["Nochmal"]
    notice, result = stage.public()
    with speaking("ja"):
        assert words.REASON_RENDER_FAILED(note="") in notice.text
        assert words.NO_LINK() in result.text
        labels = [label() for label in (words.AGAIN, form_words.EDIT, sound_words.SOUND)]
        labels += [words.DELETE(), content_words.REPORT()]
        assert [one.label for one in result.buttons] == labels


async def test_a_button_below_a_public_message_answers_in_its_pressers_language(
    stage: Stage,
) -> None:
    stage.bob.speaks("fr")
    async with stage.process() as courier:
        order = await stage.order(await stage.ordered())
        await courier.post_card(order, progress_of(order, stage.clock.now()), ())
        (seen,) = stage.public()
        refused = await stage.bob.answered(
            await stage.bob.press(seen, custom_id=f"cancel-order:{order.id}")
        )
    with speaking("fr"):
        assert refused.text == words.NOT_YOURS()
    assert refused.text != words.NOT_YOURS()


async def test_a_form_and_its_refusal_are_in_the_askers_language(stage: Stage) -> None:
    async with stage.process():
        form = await stage.alice.slash("batch")
        assert form.form is not None
        assert form.form.title == "Bilder animieren"
        assert [one.label for one in form.form.fields] == ["Bilder", "Prompt", "Vermeiden"]
        values = {"Bilder": [PICTURE], "Prompt": " "}
        sent = await stage.alice.submit(form, values)
        refused = await stage.alice.answered(sent)
    with speaking("de"):
        assert form_words.REOPENING() in refused.text
    assert [one.label for one in refused.buttons] == ["Wieder öffnen"]


async def test_choices_while_typing_and_descriptions_are_in_the_askers_language(
    stage: Stage,
) -> None:
    async with stage.process():
        offered = await stage.alice.autocomplete("animate", "seconds")
        assert [one.name for one in offered] == [
            "5 s · etwa 10 Credits pro Clip",
            "10 s · etwa 20 Credits pro Clip",
        ]
        helped = await stage.alice.answered(await stage.alice.slash("help"))
    with speaking("de"):
        assert words.ANIMATE() in helped.text
    assert words.ANIMATE() not in helped.text


@pytest.mark.parametrize("locale", ["sv-SE", "en-GB", "xx-NEW"])
async def test_who_speaks_what_we_do_not_is_answered_in_english(stage: Stage, locale: str) -> None:
    stage.alice.speaks(locale)
    async with stage.process():
        assert "you keep 90" in (await stage.ordered()).text


# --- what does not depend on the language -------------------------------------------------------


@pytest.mark.parametrize("locale", ["en-US", *LOCALES])
async def test_a_card_is_found_again_whatever_language_it_speaks(scene: Scene, locale: str) -> None:
    order = an_order(
        member=Member(guild_id=scene.guild.id, user_id=scene.alice.id),
        place=Place(channel_id=scene.studio.id, upload_limit=10_000, guild_locale=locale),
    )
    await scene.courier.post_card(order, progress_of(order, START), ())
    since = int(scene.env.now().timestamp() * 1000)
    found = await scene.courier.find(order, MessageKind.CARD, None, since)
    assert found is not None
    assert found.message_id == last(scene.studio).id


async def test_no_other_message_about_an_order_is_taken_for_its_card(scene: Scene) -> None:
    order = an_order(
        member=Member(guild_id=scene.guild.id, user_id=scene.alice.id),
        place=Place(channel_id=scene.studio.id, upload_limit=10_000),
    )
    forged = replace(order, options=replace(order.options, prompt=card_head(order)))
    await scene.courier.post_notice(forged, direct=False)
    await scene.courier.post_clip(forged, forged.clips[0], None, direct=False)
    review = Review(
        order_id=order.id,
        guild_id=scene.guild.id,
        channel_id=scene.studio.id,
        state=ReviewState.WAITING,
        carries=False,
        created_at=START,
        expires_at=START,
    )
    await DiscordReviewDesk(scene.bot, scene.bot.services.catalogue).post_review(
        forged, review, (), left_out=False
    )
    since = int(scene.env.now().timestamp() * 1000)
    assert await scene.courier.find(order, MessageKind.CARD, None, since) is None
