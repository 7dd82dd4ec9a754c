"""What a reconciliation found, in sentences for the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobs.office import Reconciled


def told(found: Reconciled, bought: int) -> str:
    """Say by how much books and balance changed, what differs, and what explains it.

    `bought` are the credits that were bought in between. Akool charges at the start of a clip, the
    books at its end: what is held now may be gone there already, and what was held then was.
    """
    books = _moved("the books", found.spent.total - found.spent_then, "grew", "shrank")
    fall = found.balance_then + bought - found.balance
    balance = _moved("the balance", fall, "fell", "rose")
    counted = f", {bought} bought credits taken off" if bought else ""
    return f"{books}, {balance}{counted}\n{_difference(found.missing(bought), found)}"


def _moved(what: str, by: int, up: str, down: str) -> str:
    return f"{what} {up if by >= 0 else down} by {abs(by)}"


def _difference(missing: int, found: Reconciled) -> str:
    if missing < 0:
        said = f"Akool took {-missing} credits less than the books have."
        held = f"{found.held_then} credits were held then for clips in the making"
        bought = "If credits were bought since, name them with --bought."
        return f"{said} {held}; {_explained(-missing, found.held_then)} {bought}"
    said = f"Akool took {missing} credits more than the books have."
    if not missing:
        return f"{said} They agree."
    held = f"{found.spent.held} credits are held now for clips in the making"
    return f"{said} {held}; {_explained(missing, found.spent.held)}"


def _explained(by: int, held: int) -> str:
    if by <= held:
        return "these can explain all of it."
    return f"these explain {held} of it at the most, and {by - held} are not explained."
