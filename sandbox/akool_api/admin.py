"""The emulator's own face for tools on this machine: faults, bill and state as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.akool_api.faults import FaultRule, FaultRuleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.akool_api.exchange import Exchange
    from sandbox.akool_api.faults import Faults
    from sandbox.akool_api.store import Clip, Store


class Admin:
    """Routes under `/sandbox`; they need no key, the address is loopback only."""

    def __init__(
        self,
        store: Store,
        faults: Faults,
        exchange: Exchange,
        extra: Callable[[], dict[str, object]],
    ) -> None:
        self._store = store
        self._faults = faults
        self._exchange = exchange
        self._extra = extra

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/sandbox/faults", self.show_faults),
            web.post("/sandbox/faults", self.add_faults),
            web.delete("/sandbox/faults", self.clear_faults),
            web.get("/sandbox/bill", self.show_bill),
            web.get("/sandbox/state", self.show_state),
        ]

    async def show_faults(self, _request: web.Request) -> web.Response:
        """Show the rules left, and what struck so far as [fault, endpoint]."""
        rules = [rule.as_json() for rule in self._faults.rules]
        return web.json_response({"rules": rules, "struck": self._faults.struck})

    async def add_faults(self, request: web.Request) -> web.Response:
        """Add one rule (an object) or several (a list of objects)."""
        if request.content_type != "application/json":  # no page in a browser can send that
            raise web.HTTPUnsupportedMediaType
        try:
            given = json.loads(await request.read())
            listed = given if isinstance(given, list) else [given]
            rules = [FaultRule.from_json(one) for one in listed]
        except (FaultRuleError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400)
        self._faults.rules += rules
        return web.json_response({"added": len(rules)})

    async def clear_faults(self, _request: web.Request) -> web.Response:
        """Forget all rules, and let go of calls that are kept waiting."""
        self._faults.clear()
        self._exchange.release()
        return web.json_response({"rules": []})

    async def show_bill(self, _request: web.Request) -> web.Response:
        """Show every line, and the net credits of each clip."""
        lines = [asdict(line) for line in self._store.bill]
        return web.json_response({"lines": lines, "charged": self._store.charged()})

    async def show_state(self, _request: web.Request) -> web.Response:
        """Show the balance, the clips, and what the emulator counted."""
        clips = [_shown(clip) for clip in self._store.clips.values()]
        return web.json_response({"balance": self._store.balance, "clips": clips, **self._extra()})


def _shown(clip: Clip) -> dict[str, object]:
    return {
        "_id": clip.id,
        "status": int(clip.status),
        "credits": clip.credits,
        "request": clip.receipt.request,
        "endpoint": clip.receipt.endpoint,
        "plan": clip.plan,
        "note": clip.note,
        "bytes": len(clip.video or b""),
    }
