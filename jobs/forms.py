"""Forms between their opening and their order: what was typed and uploaded is kept for a day."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Protocol

from billing.prices import Endpoint
from jobs.asking import Animate, Upload, place_from
from jobs.effects import Effected
from jobs.errors import FormGone, NotYours
from jobs.links import relinked
from jobs.model import Picture, Track
from jobs.sheets import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.model import Clip, Member, Options, Order, Place
    from jobs.ports import Clock

LIFETIME_MS: Final = 24 * 3600 * 1000
"""How long a form can be sent in or reopened."""

MOST_PICTURES: Final = 10
"""Files of one upload field, and of one message (Discord's reference, "File Upload")."""


class FormKind(StrEnum):
    """Where a form came from."""

    BATCH = "batch"
    MENU = "menu"
    EDIT = "edit"
    USE = "use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form and what stands in it.

    `pictures`, `last_frame` and `track` are kept already; `uploads` are pictures of a message that
    are fetched when the form is sent in. `place` is where what comes of it goes when it is sent in
    from a direct message; None where that can't be.
    """

    id: int
    kind: FormKind
    guild_id: int
    user_id: int
    asked: Animate | Effected = field(repr=False)
    pictures: tuple[Picture, ...] = field(default=(), repr=False)
    last_frame: Picture | None = field(default=None, repr=False)
    track: Track | None = field(default=None, repr=False)
    uploads: tuple[Upload, ...] = field(default=(), repr=False)
    place: Place | None = None
    created_at: int = 0

    @property
    def asks_first(self) -> bool:
        """Tell whether only Confirm may spend: a form that a button opened (DESIGN 3)."""
        return self.kind in {FormKind.EDIT, FormKind.USE}

    @property
    def given(self) -> int:
        """How many pictures it has without anything being uploaded."""
        return len(self.uploads) or len(self.pictures)

    def filled(self, typed: Animate | Effected) -> Form:
        """Return the form with what was typed into it or chosen. Raises FormGone for another's."""
        known = self.asked
        if isinstance(known, Effected) and isinstance(typed, Effected):
            chosen = replace(typed, effect=known.effect, fast=known.fast, private=known.private)
            return replace(self, asked=chosen)
        if isinstance(known, Animate) and isinstance(typed, Animate):
            return replace(self, asked=replace(known, prompt=typed.prompt, avoid=typed.avoid))
        raise FormGone

    def body(self) -> str:
        """Return what of it is stored as JSON, in ASCII: half a character survives."""
        data: dict[str, Any] = {
            "asked": asdict(self.asked),
            "pictures": [asdict(one) for one in self.pictures],
            "last_frame": None if self.last_frame is None else asdict(self.last_frame),
            "track": None if self.track is None else asdict(self.track),
            "uploads": [asdict(one) for one in self.uploads],
            "place": None if self.place is None else asdict(self.place),
        }
        return json.dumps(data, separators=(",", ":"))

    def with_body(self, body: str) -> Form:
        """Return the form with what was stored of it."""
        data = json.loads(body)
        last, track, asked = data["last_frame"], data.get("track"), data["asked"]
        place = data.get("place")
        return replace(
            self,
            asked=Effected(**asked) if "effect" in asked else Animate(**asked),
            pictures=tuple(Picture(**one) for one in data["pictures"]),
            last_frame=None if last is None else Picture(**last),
            track=None if track is None else Track(**track),
            uploads=tuple(Upload(**one) for one in data["uploads"]),
            place=None if place is None else place_from(place),
        )


class FormStore(Protocol):
    """Forms that are open, or were refused."""

    async def save_form(self, form: Form) -> None:
        """Write a form down, or what stands in it now."""
        ...

    async def form(self, form_id: int) -> Form | None:
        """Return a form."""
        ...

    async def save_sheet(self, sheet: Sheet) -> None:
        """Write a moderator's form down, or what stands in it now."""
        ...

    async def sheet(self, sheet_id: int) -> Sheet | None:
        """Return a moderator's form."""
        ...


class Forms:
    """Opens forms and finds them again, in any process."""

    def __init__(self, store: FormStore, clock: Clock, ids: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    async def open(
        self,
        kind: FormKind,
        member: Member,
        asked: Animate | Effected,
        uploads: tuple[Upload, ...] = (),
    ) -> Form:
        """Write a new form down, before it is shown."""
        form = Form(
            id=self._ids(),
            kind=kind,
            guild_id=member.guild_id,
            user_id=member.user_id,
            asked=asked,
            uploads=uploads,
            created_at=self._clock.now(),
        )
        await self._store.save_form(form)
        return form

    async def edit(
        self, member: Member, order: Order, clip: Clip, place: Place | None = None
    ) -> Form:
        """Write a form down that changes what a clip was ordered with; its picture stays."""
        options = relinked(order.options)
        number = clip.number // options.variations
        form = Form(
            id=self._ids(),
            kind=FormKind.EDIT,
            guild_id=member.guild_id,
            user_id=member.user_id,
            asked=_asked(options),
            pictures=options.pictures[number : number + 1],
            last_frame=options.last_frame,
            track=options.track,
            place=place,
            created_at=self._clock.now(),
        )
        await self._store.save_form(form)
        return form

    async def find(self, form_id: int, user_id: int) -> Form:
        """Return one's own form. Raises FormGone after a day, NotYours for somebody else's."""
        form = await self._store.form(form_id)
        if form is None or form.created_at < self._clock.now() - LIFETIME_MS:
            raise FormGone
        if form.user_id != user_id:
            raise NotYours
        return form

    async def renew(self, form: Form) -> Form:
        """Write a form down anew, for another try: each becomes at most one order."""
        renewed = replace(form, id=self._ids(), created_at=self._clock.now())
        await self._store.save_form(renewed)
        return renewed

    async def open_sheet(
        self, kind: str, member: Member, about: int, typed: dict[str, str] | None = None
    ) -> Sheet:
        """Write a moderator's form down, before it is shown, or with what was typed into it."""
        sheet = Sheet(
            id=self._ids(),
            kind=kind,
            guild_id=member.guild_id,
            user_id=member.user_id,
            about=about,
            typed=typed or {},
            created_at=self._clock.now(),
        )
        await self._store.save_sheet(sheet)
        return sheet

    async def find_sheet(self, sheet_id: int, member: Member) -> Sheet:
        """Return one's own form of this guild. Raises FormGone or NotYours."""
        sheet = await self._store.sheet(sheet_id)
        if sheet is None or sheet.created_at < self._clock.now() - LIFETIME_MS:
            raise FormGone
        if (sheet.user_id, sheet.guild_id) != (member.user_id, member.guild_id):
            raise NotYours
        return sheet

    async def renew_sheet(self, sheet: Sheet) -> Sheet:
        """Write a moderator's form down anew, for another try: each is done at most once."""
        renewed = replace(sheet, id=self._ids(), created_at=self._clock.now())
        await self._store.save_sheet(renewed)
        return renewed

    async def keep_sheet(self, sheet: Sheet) -> None:
        """Write down what stands in it now."""
        await self._store.save_sheet(sheet)

    async def keep(self, form: Form) -> None:
        """Write down what stands in it now, so that it can be reopened as it was."""
        await self._store.save_form(form)


def _asked(options: Options) -> Animate | Effected:
    """Return what was once asked for, so that a form shows it again."""
    if options.endpoint is Endpoint.SINGLE:
        return Effected(
            effect=options.effect,
            resolution=options.resolution,
            seconds=options.seconds,
            sound=options.sound,
            fast=options.fast,
            private=options.private,
        )
    return Animate(
        prompt=options.prompt,
        model=options.model,
        resolution=options.resolution,
        seconds=options.seconds,
        variations=options.variations,
        avoid=options.avoid,
        last_frame=options.last_frame is not None,
        sound=options.sound,
        private=options.private,
    )
