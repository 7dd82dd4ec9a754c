"""A database that can't answer, as the use cases hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobs.errors import StorageDown
from jobs.model import Guards, GuildRules, Member
from storage.store import Store

if TYPE_CHECKING:
    from storage.database import Database


async def test_a_database_that_can_not_answer_is_told_in_the_words_of_the_domain(
    database: Database,
) -> None:
    store = Store(database, GuildRules(), Guards())
    await database.close()

    with pytest.raises(StorageDown):
        await store.wallet(Member(guild_id=1, user_id=2), 0)
    with pytest.raises(StorageDown):
        await store.cancel_draft(1, 2)
