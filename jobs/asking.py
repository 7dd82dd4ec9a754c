"""What paid commands ask for: written down until answered, and `/animate` checked and chosen."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from billing.prices import Endpoint
from jobs.effects import Effected
from jobs.errors import BadOption, OptionKind
from jobs.model import Member, Options, Place
from jobs.soundtracks import Soundtracked

if TYPE_CHECKING:
    from jobs.catalogue import Catalogue, Model
    from jobs.model import Picture

LONGEST_PROMPT: Final = 2000
"""Characters; the vendor names no limit (AKOOL.md 8), this is what a card can still show."""

MOST_VARIATIONS: Final = 10
"""Clips of one batch request (AKOOL.md 3.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Animate:
    """What `/animate` was given, as it was typed; None where an option was left out."""

    prompt: str
    model: str | None = None
    resolution: str | None = None
    seconds: int | None = None
    variations: int = 1
    avoid: str = ""
    last_frame: bool = False
    sound: bool = False
    private: bool = False


Asked = Animate | Effected | Soundtracked
"""What a paid command was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came with a command: its signed link, name and bytes as Discord tells them."""

    link: str = field(repr=False)
    name: str
    size: int


class AskKind(StrEnum):
    """Which command was given."""

    ANIMATE = "animate"
    EFFECT = "effect"
    SOUNDTRACK = "soundtrack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """An acknowledged command with everything needed to answer it, also after a restart.

    `asks_first` tells that it began with a button: then only Confirm spends, whatever the price.
    `token` lets anybody answer the interaction for fifteen minutes: it is a secret. `form` is the
    id of the form that was sent in, which knows the rest of what was asked. `direct` tells that it
    came from a direct message, which tells no roles: Discord is asked for them.
    """

    interaction_id: int
    application_id: int
    token: str = field(repr=False)
    member: Member
    place: Place
    asked: Asked
    images: tuple[Upload, ...]
    last_frame: Upload | None
    created_at: int
    track: Upload | None = None
    asks_first: bool = False
    form: int | None = None
    direct: bool = False

    @property
    def once(self) -> int:
        """What it becomes at most one order by: its form, sent in however often, or itself.

        Negative for a form, so that it is never another command's.
        """
        return self.interaction_id if self.form is None else -self.form

    @property
    def kind(self) -> AskKind:
        """Which command this is."""
        return next(kind for kind, asked in _ASKED.items() if isinstance(self.asked, asked))

    def to_json(self) -> str:
        """Return the stored form, in ASCII: half a character, which no database takes, survives."""
        data = asdict(self)
        data["member"]["role_ids"] = sorted(self.member.role_ids)
        data["kind"] = self.kind
        return json.dumps(data, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Ask:
        """Read the stored form; one without a kind, or with a single image, is an older one's."""
        data = json.loads(text)
        kind = AskKind(data.pop("kind", AskKind.ANIMATE))
        member, last, track = data.pop("member"), data.pop("last_frame"), data.pop("track", None)
        older = (data.pop("image"),) if "image" in data else ()
        member["role_ids"] = frozenset(member["role_ids"])
        place = place_from(data.pop("place"))
        return cls(
            member=Member(**member),
            place=place,
            asked=_ASKED[kind](**data.pop("asked")),
            images=tuple(Upload(**one) for one in data.pop("images", older)),
            last_frame=None if last is None else Upload(**last),
            track=None if track is None else Upload(**track),
            **data,
        )


def place_from(data: dict[str, Any]) -> Place:
    """Return a place with what was stored of it as JSON."""
    return Place(**{**data, "lies_in": tuple(data.get("lies_in", ()))})


_ASKED: Final[dict[AskKind, type[Asked]]] = {
    AskKind.ANIMATE: Animate,
    AskKind.EFFECT: Effected,
    AskKind.SOUNDTRACK: Soundtracked,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A request whose every option is on offer."""

    model: Model
    resolution: str
    seconds: int
    asked: Animate

    def options(self, pictures: tuple[Picture, ...], last_frame: Picture | None) -> Options:
        """Return the options of the order, now that its pictures are kept."""
        return Options(
            endpoint=Endpoint.BATCH,
            model=self.model.value,
            resolution=self.resolution,
            seconds=self.seconds,
            prompt=self.asked.prompt,
            pictures=pictures,
            variations=self.asked.variations,
            avoid=self.asked.avoid,
            last_frame=last_frame,
            sound=self.asked.sound or self.model.sound_required,
            private=self.asked.private,
        )


def choose(asked: Animate, catalogue: Catalogue) -> Chosen:
    """Check every option; raises BadOption with what is on offer, or NoCatalogue."""
    model = catalogue.model(asked.model)
    asked = _clean(asked)
    if asked.last_frame and not model.last_frame:
        offered = tuple(one.label for one in catalogue.models if one.last_frame)
        raise BadOption(option=OptionKind.LAST_FRAME, value=model.label, offered=offered)
    if asked.sound and model.sound_multiplier is None:
        offered = tuple(one.label for one in catalogue.models if one.sound_multiplier is not None)
        raise BadOption(option=OptionKind.SOUND, value=model.label, offered=offered)
    return Chosen(
        model=model,
        resolution=_resolution(asked, model),
        seconds=_seconds(asked, model),
        asked=_in_bounds(asked, model),
    )


def _resolution(asked: Animate, model: Model) -> str:
    if asked.resolution is None:
        return model.resolutions[0].value
    return model.resolution(asked.resolution).value


def _seconds(asked: Animate, model: Model) -> int:
    if asked.seconds is None:
        return model.seconds[0]
    if asked.seconds not in model.seconds:
        offered = tuple(str(one) for one in model.seconds)
        raise BadOption(option=OptionKind.SECONDS, value=str(asked.seconds), offered=offered)
    return asked.seconds


def _in_bounds(asked: Animate, model: Model) -> Animate:
    most = min(MOST_VARIATIONS, model.most_clips)
    if not 1 <= asked.variations <= most:
        raise BadOption(
            option=OptionKind.VARIATIONS, value=str(asked.variations), offered=("1", str(most))
        )
    return asked


def _clean(asked: Animate) -> Animate:
    return Animate(
        prompt=clean_text(asked.prompt, OptionKind.PROMPT),
        model=asked.model,
        resolution=asked.resolution,
        seconds=asked.seconds,
        variations=asked.variations,
        avoid=clean_text(asked.avoid, OptionKind.AVOID),
        last_frame=asked.last_frame,
        sound=asked.sound,
        private=asked.private,
    )


def clean_text(text: str, option: OptionKind) -> str:
    """Drop control and direction marks from a prompt; raises BadOption when empty or too long.

    Emoji joiners stay; a prompt needs at least one letter, digit or symbol.
    """
    kept = "".join(letter for letter in text if _is_wanted(letter)).strip()
    if option is OptionKind.PROMPT and not any(_says_something(letter) for letter in kept):
        raise BadOption(option=option, value="")
    if len(kept) > LONGEST_PROMPT:
        raise BadOption(option=option, value=str(len(kept)), offered=(str(LONGEST_PROMPT),))
    return kept


_DIRECTION_MARKS: Final = frozenset(
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Marks that turn the direction of the text round them, and so hide what it says."""


def _is_wanted(letter: str) -> bool:
    if letter in "\n\t":
        return True
    return unicodedata.category(letter) not in ("Cc", "Cs") and letter not in _DIRECTION_MARKS


def _says_something(letter: str) -> bool:
    category = unicodedata.category(letter)
    # "Cn" is unknown to this Python: perhaps an emoji that is younger.
    return category[0] in "LNS" or category == "Cn"
