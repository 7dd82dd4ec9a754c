"""What clips really cost, how long they took, and the vendor's lists as last read."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from billing.prices import LearnedPrice
from jobs.catalogue import Effect, Model, Resolution

if TYPE_CHECKING:
    from storage.database import Row, Transaction

MODELS: Final = "models"
EFFECTS: Final = "effects"


def learn_price(clip: Row, credits_: int, at: int) -> Transaction[None]:
    """Keep a clip's real charge as the price of the next such clip; zero teaches nothing.

    Above the clip's quote it also has the next order ask first, until a charge fits its quote.
    """
    if credits_ <= 0:
        return
    yield (
        """INSERT INTO prices (price_key, credits, unit_credit, at, above_quote)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (price_key) DO UPDATE SET credits = excluded.credits,
             unit_credit = excluded.unit_credit, at = excluded.at,
             above_quote = excluded.above_quote""",
        (clip["price_key"], credits_, clip["unit_credit"], at, int(credits_ > clip["quote"])),
    )


def read_learned(price_key: str) -> Transaction[LearnedPrice | None]:
    """Return the last real charge for such a clip."""
    rows = yield ("SELECT * FROM prices WHERE price_key = $1", (price_key,))
    if not rows:
        return None
    row = rows[0]
    return LearnedPrice(
        credits=row["credits"],
        at=row["at"],
        unit_credit=row["unit_credit"],
        above_quote=bool(row["above_quote"]),
    )


def read_waits(price_key: str) -> Transaction[tuple[int, ...]]:
    """Return how long the last thirty such clips took from request to file, in ms."""
    rows = yield (
        """SELECT ready_at - submitted_at AS took FROM clips
           WHERE price_key = $1 AND ready_at IS NOT NULL AND submitted_at IS NOT NULL
           ORDER BY ready_at DESC LIMIT 30""",
        (price_key,),
    )
    return tuple(row["took"] for row in rows)


def load_models() -> Transaction[tuple[tuple[Model, ...], int] | None]:
    """Return the models as last read, and when (epoch ms)."""
    kept = yield from _load(MODELS)
    return None if kept is None else (tuple(map(_model_from, kept[0])), kept[1])


def save_models(models: tuple[Model, ...], now: int) -> Transaction[None]:
    """Keep the models that were just read."""
    yield from _save(MODELS, [asdict(model) for model in models], now)


def load_effects() -> Transaction[tuple[tuple[Effect, ...], int] | None]:
    """Return the effects as last read, and when (epoch ms)."""
    kept = yield from _load(EFFECTS)
    return None if kept is None else (tuple(Effect(**one) for one in kept[0]), kept[1])


def save_effects(effects: tuple[Effect, ...], now: int) -> Transaction[None]:
    """Keep the effects that were just read."""
    yield from _save(EFFECTS, [asdict(effect) for effect in effects], now)


def _load(kind: str) -> Transaction[tuple[list[dict[str, Any]], int] | None]:
    rows = yield ("SELECT body, read_at FROM catalogues WHERE kind = $1", (kind,))
    return (json.loads(rows[0]["body"]), rows[0]["read_at"]) if rows else None


def _save(kind: str, listed: list[dict[str, Any]], now: int) -> Transaction[None]:
    yield (
        """INSERT INTO catalogues (kind, body, read_at) VALUES ($1, $2, $3)
           ON CONFLICT (kind) DO UPDATE SET body = excluded.body, read_at = excluded.read_at""",
        (kind, json.dumps(listed, ensure_ascii=False), now),
    )


def _model_from(data: dict[str, Any]) -> Model:
    resolutions = tuple(Resolution(**one) for one in data.pop("resolutions"))
    return Model(resolutions=resolutions, seconds=tuple(data.pop("seconds")), **data)
