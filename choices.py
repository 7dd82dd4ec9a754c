"""What the settings choose: the way into Akool, its pace, the operator's limits, its webhooks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from akool.credentials import ApiKey, ClientPair, Credentials
from akool.webhook import WebhookError, WebhookKeys, open_message
from jobs.model import Guards, GuildRules
from jobs.schedule import Pace
from settings import Role, SettingsError
from storage.opening import Address

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.ports import Clock
    from settings import Settings

logger = logging.getLogger("muybridge")

HINT_WINDOW_MS: Final = 24 * 3600 * 1000
"""How old a webhook may be: the vendor repeats one until it is heard (AKOOL.md 6)."""


def credentials_of(settings: Settings) -> Credentials:
    """Choose how to be let in by the vendor: the key where there is one (AKOOL.md 2)."""
    if settings.akool_api_key is not None:
        return ApiKey(settings.akool_api_key)
    return ClientPair(
        client_id=settings.akool_client_id or "",
        client_secret=settings.akool_client_secret or "",
    )


def pace_of(settings: Settings) -> Pace:
    """Say how fast the vendor may be asked."""
    return Pace(
        look_ms=int(settings.poll_seconds * 1000),
        give_up_ms=settings.poll_give_up_minutes * 60 * 1000,
        concurrency=settings.submit_concurrency,
        per_second=settings.submit_per_second,
    )


def hint_reader(settings: Settings, clock: Clock) -> Callable[[bytes], str | None]:
    """Return what verifies a webhook's body and reads the vendor's id from it."""
    if not settings.webhooks:
        return lambda _: None
    keys = WebhookKeys(
        client_id=settings.akool_client_id or "", client_secret=settings.akool_client_secret or ""
    )

    def read(body: bytes) -> str | None:
        try:
            return open_message(body, keys, now=clock.now(), window=HINT_WINDOW_MS).id
        except WebhookError as error:
            logger.debug("a webhook was turned away: %s", type(error).__name__)
            return None

    return read


def guards_of(settings: Settings) -> Guards:
    """Read the operator's limits."""
    return Guards(per_clip=settings.max_credits_per_clip, per_day=settings.daily_credit_ceiling)


def rules_of(settings: Settings) -> GuildRules:
    """Say what holds in servers that set nothing."""
    return GuildRules(
        allowance_credits=settings.default_allowance, allowance_period=settings.allowance_period
    )


def address_of(settings: Settings) -> Address:
    """Say where the database is. Raises SettingsError for a role that a file can't have."""
    if settings.sqlite_path is not None and settings.role is not Role.ALL:
        needs = "needs a database that processes share, a postgresql:// one; expected all"
        raise SettingsError((f"ROLE: {settings.role.value} {needs}",))
    return Address(sqlite=settings.sqlite_path, url=settings.database_url)
