"""The sentences of the settings panel and of the first set-up."""

from __future__ import annotations

from typing import Final

from cogs.language import Counted, Phrase
from jobs.governing import Setting

# --- the command --------------------------------------------------------------------------------

COMMAND: Final = Phrase("For moderators: how this server uses the bot")
COMMAND_ORDERS: Final = Phrase("Pause or resume orders at once, without the panel")
ORDERS_PAUSE: Final = Phrase("pause")
ORDERS_RESUME: Final = Phrase("resume")

# --- pages --------------------------------------------------------------------------------------

HEAD: Final = Phrase("## Settings")
HEAD_HINT: Final = Phrase("Only you see this panel. Every change counts at once.")
CHOOSE_PAGE: Final = Phrase("Choose what to change")
PAGES: Final = {
    "where": Phrase("Where"),
    "who": Phrase("Who"),
    "sizes": Phrase("Models and sizes"),
    "money": Phrase("Credits and pace"),
    "more": Phrase("Records, language, time"),
}
PAGE_HINTS: Final = {
    "where": Phrase("Channels, results, spoilers, age restriction"),
    "who": Phrase("Moderators, private orders, effects, several pictures, others' pictures"),
    "sizes": Phrase("Which models, how large, how long, how many"),
    "money": Phrase("Pool, confirm price, clips at once, cooldown"),
    "more": Phrase("Log channel, language of public messages, time zone"),
}
BACK: Final = Phrase("All settings")
ROW: Final = Phrase("**{name}:** {value}")
HEADING: Final = Phrase("### {name}")
CHANGED_BY: Final = Phrase("{hint} · changed by {member} {when}")

NAMES: Final = {
    Setting.CHANNELS: Phrase("Channels"),
    Setting.RESULT_CHANNEL: Phrase("Results go to"),
    Setting.SPOILER_CHANNELS: Phrase("Spoilers"),
    Setting.AGE_ONLY: Phrase("Age restriction"),
    Setting.MODERATOR_ROLES: Phrase("Moderators"),
    Setting.PRIVATE_ROLES: Phrase("Private orders"),
    Setting.EFFECTS_ROLES: Phrase("Effects"),
    Setting.BATCH_ROLES: Phrase("Several pictures at once"),
    Setting.REUSE: Phrase("Pictures of others"),
    Setting.CONFIRM_PRICE: Phrase("Asks for Confirm"),
    Setting.CLIPS_AT_ONCE: Phrase("Clips at once"),
    Setting.COOLDOWN_S: Phrase("Cooldown"),
    Setting.POOL_CREDITS: Phrase("Pool"),
    Setting.POOL_PERIOD: Phrase("The pool is filled again every"),
    Setting.LARGEST_RESOLUTION: Phrase("Largest size"),
    Setting.LARGEST_SECONDS: Phrase("Longest clip"),
    Setting.LARGEST_VARIATIONS: Phrase("Most variations"),
    Setting.MODELS: Phrase("Models"),
    Setting.LOG_CHANNEL: Phrase("Log channel"),
    Setting.LANGUAGE: Phrase("Language of public messages"),
    Setting.ZONE: Phrase("Time zone"),
}

HINTS: Final = {
    Setting.CHANNELS: Phrase(
        "Where members may use me. Threads and posts count with their channel, channels with their "
        "category"
    ),
    Setting.RESULT_CHANNEL: Phrase("Cards and videos of all orders that are not private"),
    Setting.SPOILER_CHANNELS: Phrase("Videos are covered there until they are clicked"),
    Setting.AGE_ONLY: Phrase("Takes orders in age-restricted channels alone"),
    Setting.MODERATOR_ROLES: Phrase(
        "May look at members' orders, review and delete, besides those who may manage the server"
    ),
    Setting.PRIVATE_ROLES: Phrase("Who may order clips that come by direct message"),
    Setting.EFFECTS_ROLES: Phrase("Who may use `/effect`"),
    Setting.BATCH_ROLES: Phrase("Who may animate several pictures in one order"),
    Setting.REUSE: Phrase("Whether members may use pictures and results of others"),
    Setting.CONFIRM_PRICE: Phrase("Cheaper orders start without a question"),
    Setting.CLIPS_AT_ONCE: Phrase("How many a member may have in the making"),
    Setting.COOLDOWN_S: Phrase("How long a member waits between two orders"),
    Setting.POOL_CREDITS: Phrase("What all members together may spend"),
    Setting.LARGEST_RESOLUTION: Phrase("Larger ones cost more"),
    Setting.LARGEST_SECONDS: Phrase("Longer ones cost more"),
    Setting.LARGEST_VARIATIONS: Phrase("Of one picture, in one order"),
    Setting.MODELS: Phrase("Which ones members may use"),
    Setting.LOG_CHANNEL: Phrase("Every act of a moderator is posted there, and pool warnings"),
    Setting.LANGUAGE: Phrase(
        "Cards, results, notices and log; private answers are in each member's own. Discord says "
        "English of every server that is not a Community"
    ),
    Setting.ZONE: Phrase("When days, weeks and months begin"),
}

PLACEHOLDERS: Final = {
    Setting.CHANNELS: Phrase("Everywhere; choose channels to narrow it"),
    Setting.RESULT_CHANNEL: Phrase("Where they were asked for; choose one"),
    Setting.SPOILER_CHANNELS: Phrase("Nowhere; choose channels"),
    Setting.MODERATOR_ROLES: Phrase("No role; choose roles"),
    Setting.PRIVATE_ROLES: Phrase("Everybody; choose roles to narrow it"),
    Setting.EFFECTS_ROLES: Phrase("Everybody; choose roles to narrow it"),
    Setting.BATCH_ROLES: Phrase("Everybody; choose roles to narrow it"),
    Setting.MODELS: Phrase("All models; choose some to narrow it"),
    Setting.LOG_CHANNEL: Phrase("No channel; choose one"),
}

# --- values -------------------------------------------------------------------------------------

EVERYWHERE: Final = Phrase("everywhere")
WHERE_ASKED: Final = Phrase("where they were asked for")
NOWHERE: Final = Phrase("nowhere")
EVERYBODY: Final = Phrase("everybody")
MANAGERS: Final = Phrase("who may manage the server")
MANAGERS_AND: Final = Phrase("who may manage the server, and {roles}")
AGE_ANY: Final = Phrase("any channel")
AGE_ONLY: Final = Phrase("age-restricted channels only")
REUSE_ON: Final = Phrase("members may use them")
REUSE_OFF: Final = Phrase("only one's own")
ABOVE: Final = Phrase("above {credits}")
EACH: Final = Phrase("{clips} for each member")
NONE: Final = Phrase("none")
NO_CHANNEL: Final = Phrase("no channel")
SECONDS: Final = Counted("{n} second", "{n} seconds")
ANY: Final = Phrase("any")
UP_TO: Final = Phrase("up to {value}")
ALL_MODELS: Final = Phrase("all")
OF_DISCORD: Final = Phrase("Discord's own setting")
NO_LIMIT: Final = Phrase("no limit")
POOL_OF: Final = {
    "day": Phrase("{credits} a day; {used} used ({percent} %), filled again {renews}"),
    "week": Phrase("{credits} a week; {used} used ({percent} %), filled again {renews}"),
    "month": Phrase("{credits} a month; {used} used ({percent} %), filled again {renews}"),
}
MORE: Final = Phrase("{list} and {n} more")

# --- buttons, selects and forms -----------------------------------------------------------------

PAUSE: Final = Phrase("Pause orders")
RESUME: Final = Phrase("Resume orders")
ALLOW_REUSE: Final = Phrase("Let members use others' pictures")
FORBID_REUSE: Final = Phrase("Only one's own pictures")
ONLY_AGE: Final = Phrase("Age-restricted channels only")
ANY_AGE: Final = Phrase("Allow any channel")
EDIT_NUMBERS: Final = Phrase("Confirm price, clips, cooldown")
EDIT_POOL: Final = Phrase("Pool")
EDIT_ZONE: Final = Phrase("Time zone")
ANY_SIZE: Final = Phrase("Any size")
ANY_LENGTH: Final = Phrase("Any length")
ANY_NUMBER: Final = Phrase("Any number")
UP_TO_SIZE: Final = Phrase("Up to {value}")
UP_TO_SECONDS: Final = Phrase("Up to {n} s")
UP_TO_VARIATIONS: Final = Counted("{n} variation", "Up to {n} variations")

FORM_NUMBERS: Final = Phrase("Credits and pace")
FORM_CONFIRM: Final = Phrase("Ask for Confirm above so many credits")
FORM_CONFIRM_HINT: Final = Phrase("0 asks always")
FORM_CLIPS: Final = Phrase("Clips at once for each member")
FORM_CLIPS_HINT: Final = Phrase("1 to 100")
FORM_COOLDOWN: Final = Phrase("Seconds between a member's orders")
FORM_COOLDOWN_HINT: Final = Phrase("0 is no cooldown; 3600 is an hour")
FORM_POOL: Final = Phrase("Pool of the server")
FORM_POOL_CREDITS: Final = Phrase("Credits that all members together may spend")
FORM_POOL_HINT: Final = Phrase("Leave it empty for no pool")
FORM_POOL_PERIOD: Final = Phrase("Filled again every")
FORM_PERIODS: Final = {"day": Phrase("day"), "week": Phrase("week"), "month": Phrase("month")}
FORM_ZONE: Final = Phrase("Time zone of the server")
FORM_ZONE_NAME: Final = Phrase("Name of the zone")
FORM_ZONE_HINT: Final = Phrase("Such as Europe/Berlin, America/New_York, Asia/Tokyo or UTC")

# --- what is the matter -------------------------------------------------------------------------

PAUSED_BY: Final = Phrase(
    "⏸ **Paused** by {member} {since}. Nothing new is taken, and what is queued waits; what was "
    "sent off still comes."
)
LACKING: Final = Phrase("⚠ In {channel} I lack: {missing}. Give it to me, or choose another.")
GONE: Final = Phrase("⚠ {channel} is gone, or I can't see it. Choose another.")
JUST_PAUSED: Final = Phrase(
    "Paused. Nothing new is taken, and what is queued waits; what was sent off still comes. Use "
    "`/settings` again to resume."
)
PAUSED_BEFORE: Final = Phrase("It was paused already. Use `/settings` to resume.")
JUST_RESUMED: Final = Phrase("Orders go on.")
RESUMED_BEFORE: Final = Phrase("It was not paused.")
PANEL_OLD: Final = Phrase("This is more than an hour old. Use {command} again to go on.")
CHOICE_GONE: Final = Phrase(
    "I don't find what you chose in this server, so nothing was changed. Use `/settings` again "
    "and choose another."
)
BAD_NUMBER: Final = Phrase(
    "“{typed}” won't do for “{name}”: use a whole number from {low} to {high}. Nothing was changed."
)
BAD_ZONE: Final = Phrase(
    "I know no time zone “{typed}”. Use a name such as Europe/Berlin, America/New_York, Asia/Tokyo "
    "or UTC. Nothing was changed."
)

# --- the first set-up ---------------------------------------------------------------------------

FIRST_HEAD: Final = {
    "first": Phrase("## Welcome! Three steps, and I am ready\n### 1 of 3 · Where"),
    "second": Phrase("## Setting up\n### 2 of 3 · Who"),
    "third": Phrase("## Setting up\n### 3 of 3 · How much"),
}
FIRST_HINT: Final = Phrase(
    "Whatever you leave as it is keeps a sensible default, and `/settings` changes it at any time."
)
NEXT: Final = Phrase("Next")
PREVIOUS: Final = Phrase("Back")
SKIP: Final = Phrase("Skip the set-up")
FINISH: Final = Phrase("Finish")
FIRST_ALLOWANCE: Final = Phrase("**Allowance of each member:** {allowance}")
FIRST_ALLOWANCE_HINT: Final = Phrase(
    "A limit, not a debt: nothing is paid before a clip is made. `/quota allowance` sets any other "
    "one, also for roles"
)
CHOOSE_ALLOWANCE: Final = Phrase("Choose an allowance")
ALLOWANCES: Final = {
    "day": Phrase("{credits} a day"),
    "week": Phrase("{credits} a week"),
    "month": Phrase("{credits} a month"),
}
EXAMPLE: Final = Phrase(
    "**For example:** a clip with {model}, {resolution}, {n} s, costs {price} at most. {allowance} "
    "are good for about {count}."
)
EXAMPLE_POOL: Final = Phrase("The pool is good for about {count}.")
EXAMPLE_COUNT: Final = Counted("{n} clip", "{n} clips")
EXAMPLE_NONE: Final = Phrase(
    "What a clip costs is not known yet: the video service's list has not come. `/models` shows it "
    "when it is there."
)
