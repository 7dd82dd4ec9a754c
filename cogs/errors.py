"""The one error handler of commands, buttons and forms: a refusal or a fault becomes a sentence."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import aiohttp
import discord
from discord import InteractionResponseType, app_commands

from cogs import form_words, words
from cogs.refusals import sentence
from jobs.errors import Declined, StorageDown
from jobs.ids import code

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from discord.ui import View

    from cogs.replies import Reply

logger = logging.getLogger(__name__)

GONE: Final = frozenset({10008, 10015, 10062, 40060, 50027})
"""The interaction can't be answered any more: its message is gone, its token is over or unknown,
or somebody has answered it (Discord's reference, "JSON Error Codes")."""

ALREADY_ACKNOWLEDGED: Final = 40060

ACKNOWLEDGEMENTS: Final = 5
"""How often an answer whose reply is lost is given, all within the three seconds there are."""

RETRY: Final = "retry"
"""Where an interaction keeps the buttons that let its member try the same thing again."""

NETWORK: Final = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)
"""What calling Discord is known to raise."""


class TooLate(Exception):  # noqa: N818 - nobody waits for the answer any more
    """The interaction could not be acknowledged: it is over, or another process has it."""


async def acknowledge(interaction: discord.Interaction, *, update: bool = False) -> None:
    """Answer first, in private, before anything else is done; `update` is for a button's message.

    Raises TooLate when Discord no longer takes an answer, or has one: then nothing may be done,
    because the member saw it fail, or because it is being done elsewhere.
    """
    try:
        await _defer(interaction, thinking=not update)
    except discord.HTTPException as error:
        if error.code in GONE:
            raise TooLate(f"interaction {interaction.id}: code {error.code}") from error
        raise


async def _defer(interaction: discord.Interaction, *, thinking: bool) -> None:
    """Acknowledge; where the reply is lost, ask whether it got through by doing it again.

    That answer may be lost, too, and the member sees us think already.
    """
    for left in reversed(range(ACKNOWLEDGEMENTS)):
        try:
            await interaction.response.defer(ephemeral=True, thinking=thinking)
        except (aiohttp.ClientError, ConnectionError):
            logger.warning("interaction %s: the reply to its answer was lost", interaction.id)
            if not left:
                raise
        except discord.HTTPException as error:
            if error.code != ALREADY_ACKNOWLEDGED or left == ACKNOWLEDGEMENTS - 1:
                raise
            return
        else:
            return


async def tell(interaction: discord.Interaction, error: BaseException) -> None:
    """Tell the member what went wrong; what nobody expected is logged under the code shown.

    Raises nothing that Discord can cause.
    """

    async def show(text: str, view: View | None) -> None:
        await answer(interaction, text, view)

    offer = _retrying(_cause(error), interaction.extras.get(RETRY), None)
    await _tell(interaction.id, _cause(error), offer, show)


async def tell_later(reply: Reply, error: BaseException) -> None:
    """Tell what went wrong with a command that is answered through its reply. Raises as `tell`."""
    await _tell(reply.id, error, _retrying(error, reply.retry, reply.reopen), reply.show)


async def _tell(
    about: int,
    cause: BaseException,
    offer: tuple[View | None, str],
    show: Callable[[str, View | None], Awaitable[None]],
) -> None:
    if isinstance(cause, TooLate) or _is_gone(cause):
        logger.info("interaction %s is over: %s", about, cause)
        return
    view, hint = offer
    text = f"{_text(about, cause)} {hint}".strip()
    try:
        await show(text, view)
    except NETWORK as failure:
        logger.warning("interaction %s could not be told: %s", about, failure)


def _retrying(
    error: BaseException, retry: View | None, reopen: View | None
) -> tuple[View | None, str]:
    """Choose the buttons below what went wrong, and what is said of them."""
    if retry is not None and _can_be_retried(error):
        return retry, words.RETRY()
    if reopen is not None:
        return reopen, form_words.REOPENING()
    return None, ""


def _can_be_retried(error: BaseException) -> bool:
    """Tell a fault, after which the same may well succeed, from a refusal."""
    return not isinstance(error, Declined) or isinstance(error, StorageDown)


def _cause(error: BaseException) -> BaseException:
    while isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    return error


def _is_gone(error: BaseException) -> bool:
    return isinstance(error, discord.HTTPException) and error.code in GONE


def _text(interaction_id: int, cause: BaseException) -> str:
    if isinstance(cause, Declined):
        return sentence(cause)
    if isinstance(cause, (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)):
        return words.COMMAND_CHANGED()
    reference = code(interaction_id)
    logger.error("interaction %s failed, code %s", interaction_id, reference, exc_info=cause)
    return words.UNEXPECTED(code=reference)


async def answer(interaction: discord.Interaction, text: str, view: View | None = None) -> None:
    """Answer in private, whatever was answered so far.

    What a command has acknowledged is replaced, buttons and all. A button that updates its own
    message keeps it: the answer is a message of its own then.
    """
    response = interaction.response
    if not response.is_done():
        await response.send_message(text, ephemeral=True)
    elif response.type is InteractionResponseType.deferred_channel_message:
        await interaction.edit_original_response(content=text, view=view)
    else:
        await interaction.followup.send(text, ephemeral=True)
