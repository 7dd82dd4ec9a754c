"""Settings of the audit trail are named and worded as on their panel."""

from __future__ import annotations

import pytest

from cogs import setting_lines
from cogs.language import speaking
from jobs.governing import BOUNDS, SWITCHES, Setting

CODES = {"review", "review_channel_id", "review_hours", "trusted_roles", "content"}


@pytest.mark.parametrize("about", [*Setting, *sorted(CODES)])
def test_every_setting_has_a_name_and_a_word_for_nothing(about: str) -> None:
    assert "_" not in setting_lines.name(about)
    assert setting_lines.name(about) != about
    if about not in {*BOUNDS, *SWITCHES, Setting.ZONE, Setting.POOL_PERIOD, "content"}:
        assert setting_lines.value(about, "") != "nothing"


@pytest.mark.parametrize(
    ("about", "before", "after", "told"),
    [
        ("channels", "", "<#7> <#8>", "everywhere → <#7>, <#8>"),
        ("log_channel", "<#9>", "", "<#9> → no channel"),
        ("reuse", "on", "off", "members may use them → only one's own"),
        ("language", "", "de", "Discord's own setting → Deutsch"),
        ("pool_credits", "", "500", "no limit → 500 credits"),
        ("pool_period", "month", "week", "month → week"),
        ("largest_seconds", "5", "", "5 seconds → any"),
        ("models", "", "a b", "all → a, b"),
        ("cooldown_s", "0", "1", "0 seconds → 1 second"),
        ("review", "", "1", "off → on"),
        ("review_channel_id", "", "77", "no channel → <#77>"),
        ("review_hours", "", "48", "24 hours → 48 hours"),
        ("trusted_roles", "", "[5, 6]", "none → <@&5>, <@&6>"),
        ("trusted_roles", "[5]", "[]", "<@&5> → none"),
        ("content", "", "gore", "added gore"),
        ("content", "gore", "nude", "removed gore, added nude"),
        ("content", "", "a\n*b*\nc", "added a, \\*b\\*, c"),
        (
            "content",
            "a\nb\nc\nd\ne\nf\ng",
            "8 rules",
            "removed a, b, c, d, e and 2 more, added 8 rules",
        ),
        ("something_new", "", "*x*", "nothing → \\*x\\*"),
    ],
)
def test_a_change_reads_as_on_the_panel(about: str, before: str, after: str, told: str) -> None:
    assert setting_lines.change(about, before, after) == told


def test_what_no_version_of_ours_wrote_is_shown_as_it_is() -> None:
    assert setting_lines.value("trusted_roles", "@everyone").startswith("@")
    assert setting_lines.value("review_channel_id", "12x") == "12x"
    assert setting_lines.value("cooldown_s", "soon") == "soon"


def test_a_change_is_told_in_the_language_now_spoken() -> None:
    with speaking("de"):
        assert setting_lines.change("review", "", "1") == "aus → an"
