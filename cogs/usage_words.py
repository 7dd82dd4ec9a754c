"""What `/quota usage` says."""

from __future__ import annotations

from typing import Final

from cogs.language import Counted, Phrase

USAGE: Final = Phrase(
    "What this server used lately: a chart, how many clips worked, who spent most"
)
USAGE_DAYS: Final = Phrase("How many days, today included; 30 when nothing is said")
USAGE_MEMBER: Final = Phrase("Only what this member used")

HEAD: Final = Counted("**Used today**", "**Used in the last {n} days**")
HEAD_OF: Final = Counted("**Used by {member} today**", "**Used by {member} in the last {n} days**")
CREDITS: Final = Counted("{n} credit", "{n} credits")
CHARGED: Final = Phrase("- {credits} charged; {before} in as many days before")
WORKED: Final = Counted(
    "- {n} clip ended, {share} of it with a video",
    "- {n} clips ended, {share} of them with a video",
)
WAIT: Final = Phrase("- Half of the videos were ready within {wait}")
SECONDS: Final = Phrase("{n} s")
MINUTES: Final = Phrase("{minutes} min {seconds} s")
SPENDERS: Final = Phrase("- Spent most: {members}")
SPENDER: Final = Phrase("{member} {credits}")
NOTHING: Final = Phrase("Nothing was ordered in these days. `/animate` makes a first clip.")
NO_CHART: Final = Phrase("The chart could not be drawn this time; the figures are complete.")

CHART: Final = Phrase("Credits by day")
CHART_UNIT: Final = Phrase("credits")
CHART_OTHERS: Final = Phrase("others")
CHART_EFFECTS: Final = Phrase("effects")
CHART_SOUND: Final = Phrase("new sound")
CHART_ALT: Final = Phrase("Bars of the credits charged on each day, stacked by model")
