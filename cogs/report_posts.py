"""Word what moderators are asked about a reported result, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cogs import content_words
from cogs.render import quoted, small
from jobs.ids import code
from jobs.reports import CaseState, public_messages

if TYPE_CHECKING:
    from jobs.model import Clip, Order
    from jobs.reports import Case

_PROMPT: Final = 900

MARK: Final = "-# \N{TRIANGULAR FLAG ON POST}"
"""How the line begins that a hidden result carries, in every language."""


def case(order: Order, clip: Clip, about: Case) -> str:
    """Word a reported clip that moderators decide about, or have decided about.

    Where the result itself stands, everybody reads that: it names no reporter and quotes nothing.
    """
    head = content_words.CASE_HEAD(code=code(order.id), number=clip.number + 1)
    asker, reporter = f"<@{order.member.user_id}>", f"<@{about.reporter_id}>"
    if about.state is not CaseState.OPEN:
        return content_words.CASE_TOLD(head=head, asker=asker, outcome=outcome(about))
    shown = public_messages(order, clip)
    links = (
        f"https://discord.com/channels/{about.guild_id}/{one.channel_id}/{one.message_id}"
        for one in shown
    )
    openly = any(one.channel_id == about.channel_id for one in shown)
    lines = (
        (content_words.CASE_OPENLY if openly else content_words.CASE)(
            head=head, asker=asker, reporter=reporter
        ),
        "" if openly else quoted(order.options.prompt, _PROMPT),
        " ".join(links),
        small(content_words.CASE_HINT()),
    )
    return "\n".join(line for line in lines if line)


def outcome(about: Case) -> str:
    """Say in a few words what became of a reported clip."""
    if about.state is CaseState.KEPT:
        return content_words.CASE_KEPT(moderator=f"<@{about.decided_by}>")
    if about.decided_by is None:
        return content_words.CASE_GONE()
    return content_words.CASE_DELETED(moderator=f"<@{about.decided_by}>")


def veiled(text: str, *, cover: bool) -> str:
    """Return a result's text with the line that says why it is hidden.

    `cover` puts the rest behind a spoiler, for a video that is only linked. To do it again changes
    nothing.
    """
    bare = unveiled(text)
    return f"{MARK} {content_words.HIDDEN()}\n{f'||{bare}||' if cover else bare}"


def unveiled(text: str) -> str:
    """Return a result's text as it was before it was hidden."""
    if not text.startswith(MARK):
        return text
    _, _, bare = text.partition("\n")
    return bare[2:-2] if bare.startswith("||") and bare.endswith("||") else bare
