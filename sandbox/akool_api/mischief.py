"""Bend a good answer out of shape, in ways the description leaves open (AKOOL.md 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.akool_api.faults import Fault

if TYPE_CHECKING:
    import random

    from sandbox.akool_api.faults import Faults
    from sandbox.akool_api.settings import Endpoint

Payload = dict[str, object]


def misshape(payload: Payload, endpoint: Endpoint, faults: Faults, rng: random.Random) -> Payload:
    """Return the envelope as the faults in force leave it; `code` keeps its type."""
    data = payload.get("data")
    items = _items(data)
    _thin_out(items, endpoint, faults)
    for item in items:
        _bend(item, endpoint, faults)
    if len(items) > 1 and faults.take(Fault.SHUFFLED, endpoint):
        _shuffle(items, rng)
    if faults.take(Fault.EXTRA_FIELDS, endpoint):
        data = payload["data"] = _extended(data)
        payload["request_id"] = "sandbox"
    if faults.take(Fault.ODD_TYPES, endpoint):
        payload["data"] = _in_strings(data)
    return payload


def _items(data: object) -> list[Payload]:
    if not isinstance(data, dict):
        return []
    found = data.get("result", data.get("successList"))
    return found if isinstance(found, list) else []


def _thin_out(items: list[Payload], endpoint: Endpoint, faults: Faults) -> None:
    if items and faults.take(Fault.EMPTY_RESULT, endpoint):
        items.clear()
    if items and (rule := faults.take(Fault.MISSING_RESULT, endpoint)):
        del items[: rule.number(1)]


def _bend(item: Payload, endpoint: Endpoint, faults: Faults) -> None:
    created = item.get("create_time")
    if isinstance(created, int) and faults.take(Fault.UPDATED_BEFORE_CREATED, endpoint):
        item["update_time"] = created - 303_606
    if "status" in item and (rule := faults.take(Fault.ODD_STATUS, endpoint)):
        item["status"] = rule.number(7)


def _shuffle(items: list[Payload], rng: random.Random) -> None:
    before = list(items)
    rng.shuffle(items)
    if items == before:
        items.reverse()


def _extended(value: object) -> object:
    if isinstance(value, dict):
        fields = {name: _extended(inner) for name, inner in value.items()}
        return fields | {"x_new_field": {"since": "2027", "values": [1, None]}}
    return [_extended(one) for one in value] if isinstance(value, list) else value


def _in_strings(value: object) -> object:
    if isinstance(value, dict):
        return {name: _in_strings(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_in_strings(one) for one in value]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
