"""What a reconciliation found reads right, whichever way it differs."""

from __future__ import annotations

import pytest

from jobs.office import Reconciled, Spent
from jobs.office_words import told


def found(balance: int, *, charged: int = 10, held: int = 0, held_then: int = 0) -> Reconciled:
    """Compare with a time when there were 100 credits, and nothing spent."""
    spent = Spent(charged=charged, house=0, held=held)
    return Reconciled(spent=spent, balance=balance, since=1, held_then=held_then, balance_then=100)


@pytest.mark.parametrize(
    ("compared", "bought", "sentences"),
    [
        (found(90), 0, ("the books grew by 10, the balance fell by 10", "0 credits more", "agree")),
        (found(1090), 0, ("the balance rose by 990", "1000 credits less", "--bought")),
        (found(1090), 1000, ("fell by 10, 1000 bought credits taken off", "They agree.")),
        (found(85, held=5), 0, ("5 credits more", "5 credits are held now", "explain all of it")),
        (found(80, held=4), 0, ("10 credits more", "explain 4 of it at the most, and 6 are not")),
        (found(100, held_then=10), 0, ("10 credits less", "10 credits were held then", "all")),
        (found(100, charged=-5), 0, ("the books shrank by 5", "5 credits more")),
    ],
)
def test_each_difference_is_told(
    compared: Reconciled, bought: int, sentences: tuple[str, ...]
) -> None:
    said = told(compared, bought)
    for sentence in sentences:
        assert sentence in said
    assert "-" not in said.replace("--bought", "")
