"""Read a prompt into a plan: which camera moves, how strong, and which sounds."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

_Key = TypeVar("_Key")


class Move(StrEnum):
    """A camera move over a still picture."""

    STILL = "still"
    PUSH_IN = "push in"
    PULL_OUT = "pull out"
    PAN_LEFT = "pan left"
    PAN_RIGHT = "pan right"
    TILT_UP = "tilt up"
    TILT_DOWN = "tilt down"
    ORBIT_LEFT = "orbit left"
    ORBIT_RIGHT = "orbit right"
    ROLL = "roll"
    DRIFT = "drift"
    HANDHELD = "handheld"


class Mood(StrEnum):
    """The chord of the sound."""

    BRIGHT = "bright"
    OPEN = "open"
    DARK = "dark"


class Noise(StrEnum):
    """A texture laid over the chord."""

    RAIN = "rain"
    WIND = "wind"
    WAVES = "waves"
    FIRE = "fire"


class Effect(StrEnum):
    """A named effect; it replaces what the prompt says, as at the vendor (AKOOL.md 3.1)."""

    SQUISH = "squish"
    CAKEIFY = "cakeify"
    SAMURAI = "samurai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be drawn, and the words it was read from, so that it can be explained."""

    moves: tuple[Move, ...]
    strength: float
    mood: Mood
    noises: tuple[Noise, ...]
    effect: Effect | None
    because: tuple[str, ...]

    def explain(self) -> str:
        """Return one line for people: what is done, and why."""
        done = [self.effect.value] if self.effect else [move.value for move in self.moves]
        said = ", ".join(f"“{word}”" for word in self.because) or "nothing recognised in the prompt"
        return f"{' + '.join(done)} x{self.strength:g}; {said}"


_NOT: Final = re.compile(r"\b(?:no|not|without|never|avoid|stop|don't|isn't)\s+(?:[\w-]+\s+){0,2}$")
_TO: Final = r"(?:e?s|ing)?[ -](?:\w+ ){0,2}?"
_MOVES: Final[dict[Move, str]] = {
    Move.STILL: (
        r"no (?:camera )?(?:movement|motion)|tripod|camera (?:\w+ )?(?:still|static|fixed)"
        r"|(?:static|locked[- ]off|fixed|still|stationary) (?:camera|shot|frame)"
    ),
    Move.PUSH_IN: (
        rf"(?:zoom|doll(?:y|ies)|push|track|fly){_TO}(?:in|into|closer|forwards?|towards?)"
        rf"|camera mov{_TO}(?:in|closer|forwards?|towards?)|closer look"
        r"|zoom(?:s|ing)?(?! (?:\w+ )?(?:out|back|away))"
    ),
    Move.PULL_OUT: rf"(?:zoom|doll(?:y|ies)|pull|camera mov|track){_TO}(?:out|back|backwards|away)",
    Move.PAN_LEFT: rf"(?<!frying )pan(?:n|s)?{_TO}left|(?:camera mov|truck|slid){_TO}left",
    Move.PAN_RIGHT: (
        rf"(?<!frying )pan(?:n|s)?{_TO}right|(?:camera mov|truck|slid){_TO}right"
        r"|(?:camera pans|panning)(?! (?:[\w]+ ){0,2}(?:left|up|down))"
    ),
    Move.TILT_UP: rf"(?:tilt|crane|pan|camera ris){_TO}up|camera (?:\w+ )?rises",
    Move.TILT_DOWN: rf"(?:tilt|crane|pan){_TO}down|camera (?:\w+ )?(?:sinks|descends)",
    Move.ORBIT_LEFT: rf"(?:orbit|circl|arc|rotat){_TO}left|counter-?clockwise",
    Move.ORBIT_RIGHT: r"orbit(?:s|ing)?|arc shot|(?:circl|rotat|mov)(?:es?|ing) around|3d|parallax",
    Move.ROLL: r"camera (?:\w+ )?(?:rolls|rotates|spins)|dutch angle|barrel roll",
    Move.DRIFT: r"drift\w*|floats?|floating|hover\w*|sway\w*|breath\w*",
    Move.HANDHELD: r"hand-?held|shak(?:y|es|ing)|camera shake|documentary|vlog",
}
_NOISES: Final[dict[Noise, str]] = {
    Noise.RAIN: r"rain(?:s|y|ing|fall|drops?)?(?![ -]?(?:jacket|coat|boots?))|downpour|drizzle",
    Noise.WIND: r"wind(?:y|s)?(?![ -]?(?:turbine|mill|ow))|breez\w+|storm\w*|blizzard",
    Noise.WAVES: r"waves?(?! (?:at|to|his|her|their|goodbye|hello))|sea|ocean|beach|surf|shore",
    Noise.FIRE: r"(?:camp|bon)?fires?(?:place)?(?! ?-?(?:truck|engine|fighter))|flames?|embers",
}
_MOODS: Final[dict[Mood, str]] = {
    Mood.DARK: r"dark|night|sad|gloomy|eerie|horror|lonely|storm\w*|melanchol\w+|tense",
    Mood.BRIGHT: r"happy|sunny|bright|joy\w*|spring|summer|playful|cheerful|smil\w+",
}
_STRENGTHS: Final[dict[float, str]] = {
    0.6: r"slow\w*|gentl[ey]|subtl[ey]|slight\w*|soft\w*|calm",
    1.4: r"fast|quick\w*|rapid\w*|dramatic\w*|intense|epic|energetic",
}
_OPPOSITES: Final = (
    {Move.PUSH_IN, Move.PULL_OUT},
    {Move.PAN_LEFT, Move.PAN_RIGHT},
    {Move.TILT_UP, Move.TILT_DOWN},
    {Move.ORBIT_LEFT, Move.ORBIT_RIGHT},
)
_DEFAULTS: Final = (Move.PUSH_IN, Move.ORBIT_RIGHT, Move.PULL_OUT, Move.DRIFT)
_VARIATIONS: Final = (Move.DRIFT, Move.ORBIT_LEFT, Move.HANDHELD, Move.TILT_UP, Move.PULL_OUT)


def plan_clip(prompt: str, *, avoid: str = "", effect: Effect | None = None, seed: int = 0) -> Plan:
    """Choose what to draw; `avoid` is the negative prompt, a `seed` over 0 asks for a variation."""
    text, unwanted = (_normal(words) for words in (prompt, avoid))
    because: list[str] = []
    moves = _said(_MOVES, text, unwanted, because)
    if re.search(r"camera (?:movement|motion)|moving camera", unwanted):
        moves = [Move.STILL]
    moves = moves or [_DEFAULTS[zlib.crc32(text.encode()) % len(_DEFAULTS)]]
    if seed:
        moves.append(_VARIATIONS[(seed - 1) % len(_VARIATIONS)])
    strengths = _said(_STRENGTHS, text, unwanted, because)
    noises = _said(_NOISES, text, unwanted, because)
    moods = _said(_MOODS, text, unwanted, because)
    return Plan(
        moves=(Move.PUSH_IN,) if effect else _reconcile(moves),
        strength=0.3 if effect else next(iter(strengths), 1.0),
        mood=next(iter(moods), Mood.OPEN),
        noises=tuple(noises),
        effect=effect,
        because=(f"effect {effect}",) if effect else tuple(because),
    )


def _normal(words: str) -> str:
    return re.sub(r"\s+", " ", words.lower().replace("\u2019", "'"))


def _said(words: dict[_Key, str], text: str, unwanted: str, because: list[str]) -> list[_Key]:
    found: list[tuple[int, _Key]] = []
    for key, pattern in words.items():
        whole = re.compile(rf"\b(?:{pattern})\b")
        if whole.search(unwanted):
            continue
        for match in whole.finditer(text):
            if not _NOT.search(text[: match.start()]):
                found.append((match.start(), key))
                because.append(match.group())
                break
    return [key for _, key in sorted(found, key=lambda pair: pair[0])]


def _reconcile(moves: list[Move]) -> tuple[Move, ...]:
    if Move.STILL in moves:
        return (Move.STILL,)
    kept: list[Move] = []
    for move in moves:
        if len(kept) < 3 and not any({move, other} in _OPPOSITES for other in kept):
            kept.append(move)
    return tuple(kept)
