"""Discord in and out: commands, buttons, messages. No SQL, no HTTP, no rules of money or state."""

from __future__ import annotations

from typing import Final

EXTENSIONS: Final = (
    "cogs.confirm",
    "cogs.deleting",
    "cogs.results",
    "cogs.sharing",
    "cogs.reviewing",
    "cogs.reporting",
    "cogs.forms",
    "cogs.desk",
    "cogs.animate",
    "cogs.batch",
    "cogs.menu",
    "cogs.effect",
    "cogs.soundtrack",
    "cogs.use_forms",
    "cogs.catalogue",
    "cogs.credits",
    "cogs.browsing",
    "cogs.videos",
    "cogs.quota_allowance",
    "cogs.quota_history",
    "cogs.quota",
    "cogs.panel_items",
    "cogs.panel_forms",
    "cogs.panel_steps",
    "cogs.panel",
    "cogs.content_panel",
    "cogs.quota_export",
    "cogs.wallet_menu",
    "cogs.usage",
    "cogs.help",
)
"""Modules with a `setup`, in the order in which they are added; one that fails stops the start."""
