"""Forms by their id, each forgotten a day after it was opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jobs.asking import Animate
from jobs.forms import LIFETIME_MS, Form, FormKind
from jobs.sheets import Sheet

if TYPE_CHECKING:
    from storage.database import Transaction


_SHEET: Final = "sheet:"
"""What the kinds of moderators' forms begin with."""


def save_form(form: Form) -> Transaction[None]:
    """Write a form down, or what stands in it now; those that are over go."""
    yield from _save(form, form.kind)


def save_sheet(sheet: Sheet) -> Transaction[None]:
    """Write a moderator's form down, or what stands in it now, beside the members' forms."""
    yield from _save(sheet, _SHEET + sheet.kind)


def _save(form: Form | Sheet, kind: str) -> Transaction[None]:
    yield ("DELETE FROM forms WHERE created_at < $1", (form.created_at - LIFETIME_MS,))
    yield (
        """INSERT INTO forms (id, kind, guild_id, user_id, body, created_at)
           VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (id) DO UPDATE SET body = excluded.body""",
        (form.id, kind, form.guild_id, form.user_id, form.body(), form.created_at),
    )


def read_form(form_id: int) -> Transaction[Form | None]:
    """Return a form, None when nothing is known of it."""
    rows = yield ("SELECT * FROM forms WHERE id = $1", (form_id,))
    if not rows or rows[0]["kind"].startswith(_SHEET):
        return None
    row = rows[0]
    form = Form(
        id=row["id"],
        kind=FormKind(row["kind"]),
        guild_id=row["guild_id"],
        user_id=row["user_id"],
        asked=Animate(prompt=""),
        created_at=row["created_at"],
    )
    return form.with_body(row["body"])


def read_sheet(sheet_id: int) -> Transaction[Sheet | None]:
    """Return a moderator's form, None when nothing is known of it."""
    rows = yield ("SELECT * FROM forms WHERE id = $1", (sheet_id,))
    if not rows or not rows[0]["kind"].startswith(_SHEET):
        return None
    row = rows[0]
    sheet = Sheet(
        id=row["id"],
        kind=row["kind"].removeprefix(_SHEET),
        guild_id=row["guild_id"],
        user_id=row["user_id"],
        about=0,
        created_at=row["created_at"],
    )
    return sheet.with_body(row["body"])
