"""The bot's side of Discord's gateway: intents, commands, buttons, forms, and whom it serves."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from cogs import EXTENSIONS, words
from cogs.dynamic import read_id
from cogs.errors import answer, tell
from cogs.gateway import be_patient, reason_of
from cogs.language import load, speak
from cogs.translator import CatalogueTranslator
from jobs.errors import BadOption, NoCatalogue, NotServed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    import aiohttp
    from discord.ui import DynamicItem

    from cogs.desk import Desk
    from cogs.panel_items import Panel
    from jobs.browsing import Browsing
    from jobs.catalogue import Catalogue
    from jobs.exporting import Exporting
    from jobs.forms import Forms
    from jobs.governing import Governing
    from jobs.moderation import Moderation
    from jobs.ordering import Ordering
    from jobs.quotas import Quotas
    from jobs.reports import Reports
    from jobs.reviews import Reviews
    from jobs.sharing import Sharing
    from jobs.usage import Usage

    FormHandler = Callable[[discord.Interaction, int], Awaitable[None]]

logger = logging.getLogger(__name__)

DISCORD: Final = Route.BASE
"""Where Discord's REST API really is."""

LONGEST_RATE_LIMIT_S: Final = 30.0


def use_api_base(url: str) -> None:
    """Send every REST call to another address, such as a shared proxy; call it before `login`.

    The gateway is then whatever that address answers to `GET /gateway/bot`.
    """
    Route.BASE = url.rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What commands and buttons work with. `guilds` is None when every server is served."""

    ordering: Ordering
    catalogue: Catalogue
    browsing: Browsing
    forms: Forms
    moderation: Moderation
    reviews: Reviews
    reports: Reports
    sharing: Sharing
    quotas: Quotas
    governing: Governing
    exporting: Exporting
    usage: Usage
    guilds: frozenset[int] | None

    def naming(self, model: str) -> str:
        """Say what members call a model; one that is not on offer any more keeps its value."""
        return name_of(self.catalogue, model)


def name_of(catalogue: Catalogue, model: str) -> str:
    """Return a model's label from the list in memory."""
    try:
        return catalogue.model(model).label
    except (BadOption, NoCatalogue):
        return model


class Tree(app_commands.CommandTree["Muybridge"]):
    """The commands, with one door in and one error handler."""

    async def interaction_check(self, interaction: discord.Interaction[Muybridge]) -> bool:
        """Speak the asker's language, and turn away commands of servers that are not served.

        Autocomplete stays silent there.
        """
        speak(str(interaction.locale))
        if self.client.serves(interaction.guild_id):
            return True
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            await tell(interaction, NotServed())
        return False

    async def on_error(
        self, interaction: discord.Interaction[Muybridge], error: app_commands.AppCommandError
    ) -> None:
        """Tell the member; logging is done there, too."""
        await tell(interaction, error)


class Muybridge(commands.AutoShardedBot):
    """Our client. It needs no privileged intent and remembers neither members nor messages.

    `sync` registers the commands with Discord at login: exactly one process of a bot does that.
    A worker only logs in, and uses REST; it never connects to the gateway, and without `resume`
    takes up nothing that was left unanswered. `desk` takes what is paid for, and `panel` shows the
    settings; their extensions set them up.
    """

    desk: Desk
    panel: Panel

    def __init__(
        self,
        services: Services,
        *,
        sync: bool,
        resume: bool = True,
        shard_ids: Sequence[int] | None = None,
        shard_count: int | None = None,
        connector: aiohttp.BaseConnector | None = None,
    ) -> None:
        # discord.py would warn at each start that it can't speak, which this bot never does.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
            max_ratelimit_timeout=LONGEST_RATE_LIMIT_S,
            shard_ids=shard_ids and list(shard_ids),  # type: ignore[arg-type]  # None is its default
            shard_count=shard_count,
            connector=connector,
        )
        self.services = services
        self._sync = sync
        self._resume = resume
        self._command_ids: dict[str, int] = {}
        self._buttons: list[type[DynamicItem[Any]]] = []
        self._forms: dict[str, FormHandler] = {}
        self._resumers: list[Callable[[], Awaitable[None]]] = []
        self._resuming: set[asyncio.Future[None]] = set()

    def hears(self) -> bool:
        """Tell whether every shard is connected now; discord.py calls itself ready ever after."""
        return self.is_ready() and not any(one.is_closed() for one in self.shards.values())

    def serves(self, guild_id: int | None) -> bool:
        """Tell whether a server is served; direct messages are checked by what they are about."""
        return guild_id is None or self.services.guilds is None or guild_id in self.services.guilds

    def mention(self, command: str) -> str:
        """Name a slash command so that a click types it; plainly where Discord's id is not known.

        Only the process that registers the commands learns their ids.
        """
        id_ = self._command_ids.get(command.partition(" ")[0])
        return f"`/{command}`" if id_ is None else f"</{command}:{id_}>"

    def add_buttons(self, *buttons: type[DynamicItem[Any]]) -> None:
        """Make kinds of buttons and selects work, whenever their messages were posted."""
        self.add_dynamic_items(*buttons)
        self._buttons.extend(buttons)

    def add_form(self, name: str, handler: FormHandler) -> None:
        """Route submits of forms whose custom_id is `name:id` to a handler, also after restarts.

        discord.py keeps forms in memory and drops the submit of one that it does not know.
        """
        self._forms[name] = handler

    def add_resumer(self, resume: Callable[[], Awaitable[None]]) -> None:
        """Have that done once after login, beside everything else."""
        self._resumers.append(resume)

    async def setup_hook(self) -> None:
        """Add every extension, then register the commands; whatever fails stops the start."""
        for name in EXTENSIONS:
            # Not load_extension: it runs a module anew and so would make its classes twice.
            await import_module(name).setup(self)
        load()
        await self.tree.set_translator(CatalogueTranslator())
        self._log_application()
        if self._sync:
            synced = await self.tree.sync()
            logger.info("%s commands are registered", len(synced))
            self._command_ids = {
                one.name: one.id for one in synced if one.type is discord.AppCommandType.chat_input
            }
        self.take_up()

    def take_up(self) -> None:
        """Begin to answer commands that a process which is gone has left over."""
        for resume in self._resumers if self._resume else ():
            task = asyncio.ensure_future(resume())
            self._resuming.add(task)
            task.add_done_callback(self._resumed)

    def _resumed(self, task: asyncio.Future[None]) -> None:
        self._resuming.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("what was left over could not be taken up", exc_info=task.exception())

    def _log_application(self) -> None:
        application = self.application
        if application is None:
            return
        logger.info("logged in as %s (application %s)", self.user, application.id)
        if self.services.guilds is None and application.bot_public:
            logger.warning(
                "GUILDS is * and the application is public: anyone can add this bot to a server "
                "and spend the operator's credits. Name your servers in GUILDS, or turn Public Bot "
                "off in Discord's developer portal."
            )

    async def connect(self, *, reconnect: bool = True) -> None:
        """Connect to the gateway, to the one that another REST address names if there is one.

        Raises LoginFailure or ConnectionError when Discord ends the connection for good.
        """
        be_patient()
        if Route.BASE != DISCORD:
            # With an explicit shard count discord.py would not ask, and take Discord's own.
            _, gateway, _ = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
        try:
            await super().connect(reconnect=reconnect)
        except discord.ConnectionClosed as closed:
            raise reason_of(closed) from closed

    async def close(self) -> None:
        """Leave Discord; what is being taken up stays left over for the next start."""
        for task in self._resuming:
            task.cancel()
        await super().close()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Route forms, and answer buttons that this version does not know any more."""
        speak(str(interaction.locale))
        if interaction.type is discord.InteractionType.modal_submit:
            await self._submitted(interaction)
        elif interaction.type is discord.InteractionType.component and not self._knows(interaction):
            await _guarded(interaction, answer(interaction, words.OUT_OF_DATE()))

    def _knows(self, interaction: discord.Interaction) -> bool:
        custom_id = interaction.custom_id or ""
        return any(
            one.__discord_ui_compiled_template__.fullmatch(custom_id) for one in self._buttons
        )

    async def _submitted(self, interaction: discord.Interaction) -> None:
        name, _, about = (interaction.custom_id or "").rpartition(":")
        handler = self._forms.get(name)
        if not self.serves(interaction.guild_id):
            await tell(interaction, NotServed())
        elif handler is None or not about.isdecimal():
            await _guarded(interaction, answer(interaction, words.FORM_OUT_OF_DATE()))
        else:
            await _guarded(interaction, _sent(handler, interaction, about))


async def _sent(handler: FormHandler, interaction: discord.Interaction, about: str) -> None:
    """Hand a form to its handler. Raises OrderGone for an id that no database holds."""
    await handler(interaction, read_id(about))


async def _guarded(interaction: discord.Interaction, doing: Awaitable[None]) -> None:
    try:
        await doing
    except Exception as error:  # noqa: BLE001 - the outermost door of a form; it is logged
        await tell(interaction, error)
