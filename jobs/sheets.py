"""A moderator's form: whom it is about and what was typed, so that it is done once or reopened."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One form that a moderator opened; `kind` is the button's name, `about` whom it is about.

    Its id is what its act is done by: sent in twice, it is done once.
    """

    id: int
    kind: str
    guild_id: int
    user_id: int
    about: int
    typed: dict[str, str] = field(default_factory=dict, repr=False)
    created_at: int = 0

    def body(self) -> str:
        """Return what of it is stored as JSON, in ASCII: half a character survives."""
        return json.dumps({"about": self.about, "typed": self.typed}, separators=(",", ":"))

    def with_body(self, body: str) -> Sheet:
        """Return the sheet with what was stored of it."""
        data = json.loads(body)
        return replace(self, about=data["about"], typed=data["typed"])
