"""What a guild lets its members order, and where: looked at before the quote and at the order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing.prices import Endpoint
from jobs.errors import OptionKind
from jobs.guard_errors import AgeRestrictedOnly, GuildPaused, NeedsRole, NotHere, OverLimit, Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobs.asking import Animate
    from jobs.catalogue import Catalogue
    from jobs.model import GuildRules, Member, Options, Place


def check_rules(rules: GuildRules, member: Member, options: Options, place: Place) -> None:
    """Refuse what the guild does not allow, whoever pays for it.

    Raises GuildPaused, NotHere, AgeRestrictedOnly, NeedsRole or OverLimit.
    """
    check_place(rules, place)
    _check_roles(rules, member, options)
    if options.source is None:  # new sound leaves a clip as large and as long as it is
        _check_limits(rules, options)


def check_place(rules: GuildRules, place: Place) -> None:
    """Refuse while the guild is paused, and where it is not to be used."""
    if rules.paused_at is not None:
        raise GuildPaused(since=rules.paused_at)
    check_channel(rules, place)


def check_channel(rules: GuildRules, place: Place) -> None:
    """Refuse where the guild does not use the bot. Raises NotHere or AgeRestrictedOnly."""
    if rules.channels and rules.channels.isdisjoint((place.origin, *place.lies_in)):
        raise NotHere(channels=tuple(sorted(rules.channels)))
    if rules.age_only and not place.age_restricted:
        raise AgeRestrictedOnly


def _check_roles(rules: GuildRules, member: Member, options: Options) -> None:
    for use, roles in _uses(rules, options):
        if roles and roles.isdisjoint(member.role_ids):
            raise NeedsRole(use=use, roles=tuple(sorted(roles)))


def _uses(rules: GuildRules, options: Options) -> Iterator[tuple[Use, frozenset[int]]]:
    if options.private:
        yield Use.PRIVATE, rules.private_roles
    if options.effect:
        yield Use.EFFECTS, rules.effects_roles
    if len(options.pictures) > 1:
        yield Use.BATCH, rules.batch_roles


def _check_limits(rules: GuildRules, options: Options) -> None:
    if options.endpoint is Endpoint.BATCH and rules.models and options.model not in rules.models:
        raise OverLimit(
            option=OptionKind.MODEL, asked=options.model, allowed=tuple(sorted(rules.models))
        )
    most = rules.largest_resolution
    if most and height_of(options.resolution) > height_of(most):
        raise OverLimit(option=OptionKind.RESOLUTION, asked=options.resolution, allowed=(most,))
    for option, asked, limit in (
        (OptionKind.SECONDS, options.seconds, rules.largest_seconds),
        (OptionKind.VARIATIONS, options.variations, rules.largest_variations),
    ):
        if limit is not None and asked > limit:
            raise OverLimit(option=option, asked=str(asked), allowed=(str(limit),))


def height_of(resolution: str) -> int:
    """Return about how many lines a vendor's resolution has; one that names none is the largest."""
    said = resolution.casefold().strip()
    number = said[:-1]
    if not (number.isascii() and number.isdecimal()):
        return 1_000_000
    return int(number) * {"p": 1, "k": 540}.get(said[-1], 1_000_000)


def routed(place: Place, rules: GuildRules, *, private: bool) -> Place:
    """Return where the results go: to the guild's channel for them, if it has one."""
    origin = place.origin
    target = origin if private or rules.result_channel is None else rules.result_channel
    return replace(place, channel_id=target, asked_in=None if target == origin else origin)


def spoils(covered: frozenset[int], place: Place) -> bool:
    """Tell whether what is posted there is to be covered until it is clicked.

    A thread is covered with its channel.
    """
    inside = place.lies_in if place.asked_in is None else ()
    return not covered.isdisjoint((place.channel_id, *inside))


def within(asked: Animate, rules: GuildRules, catalogue: Catalogue) -> Animate:
    """Fill in what was left out so that the guild allows it, where it allows any.

    Without it the bot's own default would be refused in guilds that allow only other models.
    """
    if asked.model is None and rules.models:
        default = catalogue.model(None)
        allowed = [one for one in catalogue.models if one.value in rules.models]
        if allowed and default not in allowed:
            return replace(asked, model=allowed[0].value)
    return asked
