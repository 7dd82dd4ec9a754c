"""Word one act: who did what to whom, from what to what, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.periods import Period
from cogs import act_words, quota_words, setting_lines, words
from cogs.escape import escaped
from jobs.acts import NO_ROOM, OPERATOR, ActKind
from jobs.ids import code

if TYPE_CHECKING:
    from cogs.language import Phrase
    from jobs.acts import Act

_REASON: Final = 120
_VALUE: Final = 80
_NAME: Final = 40
_MONEY: Final = frozenset({ActKind.GRANT, ActKind.TAKE, ActKind.UNDO})
_ON_CLIPS: Final = frozenset(
    {
        ActKind.APPROVE,
        ActKind.REJECT,
        ActKind.REPORT,
        ActKind.KEEP,
        ActKind.DELETE,
        ActKind.RELEASE,
        ActKind.RESUBMIT,
        ActKind.CANCEL,
    }
)
"""Acts whose subject is an order or a clip, not somebody."""

_SENTENCES: Final[dict[ActKind, Phrase]] = {
    ActKind.GRANT: act_words.GRANT,
    ActKind.TAKE: act_words.TAKE,
    ActKind.FREEZE: act_words.FREEZE,
    ActKind.UNFREEZE: act_words.UNFREEZE,
    ActKind.ALLOWANCE: act_words.ALLOWANCE,
    ActKind.SETTING: act_words.SETTING,
    ActKind.PAUSE: act_words.PAUSE,
    ActKind.RESUME: act_words.RESUME,
    ActKind.BLOCK: act_words.BLOCK,
    ActKind.UNBLOCK: act_words.UNBLOCK,
    ActKind.APPROVE: act_words.APPROVE,
    ActKind.REJECT: act_words.REJECT,
    ActKind.REPORT: act_words.REPORT,
    ActKind.KEEP: act_words.KEEP,
    ActKind.DELETE: act_words.DELETE,
    ActKind.REFUSE: act_words.REFUSE,
    ActKind.RELEASE: act_words.RELEASE,
    ActKind.RESUBMIT: act_words.RESUBMIT,
    ActKind.CANCEL: act_words.CANCEL,
}

_PERIODS: Final = {
    Period.DAY: quota_words.A_DAY,
    Period.WEEK: quota_words.A_WEEK,
    Period.MONTH: quota_words.A_MONTH,
}


def told(act: Act) -> str:
    """Word an act in one line; nobody is pinged by it where mentions are off."""
    if act.kind is ActKind.POOL:
        return _pool(act)
    change = _change(act)
    said = _sentence(act)(
        actor=act_words.OPERATOR() if act.actor_id == OPERATOR else f"<@{act.actor_id}>",
        subject=_subject(act),
        credits=words.money(abs(change)),
        about=_about(act),
        after=escaped(act.after, _VALUE),
        change=_from_to(act),
        kind=act.kind,
    )
    if not act.reason:
        return said
    return act_words.ACT(what=said, reason=escaped(act.reason, _REASON))


def _pool(act: Act) -> str:
    """Word that a pool has come to a share of its size."""
    used, size = words.money(int(act.before.partition(" ")[0])), _sized(act.after)
    what, _, price = act.about.partition(" ")
    if what == NO_ROOM and price.isdecimal():
        return act_words.POOL_DRY(price=words.money(int(price)), used=used, size=size)
    return act_words.POOL(percent=escaped(act.about, _NAME), used=used, size=size)


def _sized(value: str) -> str:
    """Word what the audit trail keeps as `100 month`."""
    credits_, _, period = value.partition(" ")
    return allowance(int(credits_), Period(period))


def _about(act: Act) -> str:
    if _ends(act):
        return words.date(int(act.about))
    return setting_lines.name(act.about) if _is_setting(act) else escaped(act.about, _NAME)


def _ends(act: Act) -> bool:
    """Tell whether it is a grant that ends; what it is about is then when, in epoch ms."""
    return act.kind is ActKind.GRANT and act.about.isdecimal()


def _is_setting(act: Act) -> bool:
    return act.kind is ActKind.SETTING


def _sentence(act: Act) -> Phrase:
    if act.kind is ActKind.UNDO:
        return act_words.UNDO_TAKE if _change(act) > 0 else act_words.UNDO_GRANT
    if _ends(act):
        return act_words.GRANT_UNTIL
    return _SENTENCES.get(act.kind, act_words.OTHER)


def _change(act: Act) -> int:
    """Say by how much an act on a wallet changed its grants; 0 for any other act."""
    return int(act.after) - int(act.before) if act.kind in _MONEY else 0


def _subject(act: Act) -> str:
    if act.kind is ActKind.ALLOWANCE:
        return role(act.subject_id or 0)
    if act.subject_id is None:
        return ""
    return code(act.subject_id) if act.kind in _ON_CLIPS else f"<@{act.subject_id}>"


def _from_to(act: Act) -> str:
    if _is_setting(act):
        return setting_lines.change(act.about, act.before, act.after)
    return act_words.CHANGED(before=_value(act, act.before), after=_value(act, act.after))


def _value(act: Act, value: str) -> str:
    if not value:
        return act_words.NOTHING()
    return _sized(value) if act.kind is ActKind.ALLOWANCE else escaped(value, _VALUE)


def allowance(credits_: int, period: Period) -> str:
    """Word an allowance: 100 credits a month."""
    return _PERIODS[period](credits=words.money(credits_))


def role(role_id: int) -> str:
    """Name whose allowance it is: a role's, or, with 0, everybody's."""
    return f"<@&{role_id}>" if role_id else quota_words.EVERYBODY()
