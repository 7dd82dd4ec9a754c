"""Everything that can go wrong at the vendor, as data that a scenario chooses."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum

from sandbox.akool_api.settings import Endpoint


class Fault(StrEnum):
    """What goes wrong. `value` is the rule's; its default is named in brackets."""

    # Before the request is accepted: nothing is made.
    REFUSE = "refuse"  # answer with business code `value` [1005]
    HTTP_ERROR = "http-error"  # answer with HTTP status `value` [429]; 429 says Retry-After
    DROP_BEFORE = "drop-before"  # close the connection

    # After it was accepted: it is made and charged, and the caller can't tell.
    ERROR_AFTER = "error-after"  # HTTP status `value` [500]
    CODE_AFTER = "code-after"  # business code `value` [1015]
    DROP_AFTER = "drop-after"  # close the connection
    SILENCE = "silence"  # never answer, until the faults are cleared
    STALL = "stall"  # half a body, then as above
    HTML = "html"  # a proxy's page with HTTP status `value` [200]
    CUT_JSON = "cut-json"  # half the JSON, complete as far as HTTP knows

    # The shape of an answer.
    ERRORS_AS_4XX = "errors-as-4xx"  # refusals also carry a 4xx status
    EXTRA_FIELDS = "extra-fields"
    ODD_TYPES = "odd-types"  # every number is a string
    SHUFFLED = "shuffled"  # results in any order
    EMPTY_RESULT = "empty-result"
    MISSING_RESULT = "missing-result"  # leave out the first `value` [1] results
    UNKNOWN_ID_REFUSED = "unknown-id-refused"  # 1008 for the whole call
    TOO_MANY_IDS = "too-many-ids"  # refuse more than `value` [10] ids
    UPDATED_BEFORE_CREATED = "updated-before-created"
    ODD_STATUS = "odd-status"  # status `value` [7]

    # A batch that is accepted in part.
    ERROR_ITEMS = "error-items"  # `value` [1] clips end in errorList, as objects
    ERROR_TEXTS = "error-texts"  # the same, as strings
    EMPTY_SUCCESS = "empty-success"  # code 1000, nothing made, both lists empty
    SHORT_LIST = "short-list"  # `value` [1] clips are made but not listed

    # What becomes of a clip.
    FAILS = "fails"  # status 4 without a reason
    FAILS_CHARGED = "fails-charged"  # the same, and the charge stays
    COSTS_MORE = "costs-more"  # `value` [1] credits above the list, already in the create answer
    COSTS_MORE_LATER = "costs-more-later"  # the same, only known when the clip is done
    SLOW = "slow"  # `value` more seconds of rendering; no value: until `let_finish`

    # The finished video's link.
    VIDEO_STATUS = "video-status"  # HTTP status `value` [404]
    VIDEO_CUT = "video-cut"  # half the file, complete as far as HTTP knows
    VIDEO_DROPPED = "video-dropped"  # half the file, then the connection closes
    VIDEO_HTML = "video-html"  # a page with status 200, called video/mp4
    VIDEO_REDIRECT = "video-redirect"  # to `value` [a private address]

    # The webhook.
    WEBHOOK_TWICE = "webhook-twice"
    WEBHOOK_REVERSED = "webhook-reversed"  # "processing" comes after the end
    WEBHOOK_EARLY = "webhook-early"  # before the create is answered
    WEBHOOK_LOST = "webhook-lost"
    WEBHOOK_FORGED = "webhook-forged"  # the signature does not fit


class FaultRuleError(ValueError):
    """A rule that can't be read; the message says which field and why."""


@dataclass(slots=True, kw_only=True)
class FaultRule:
    """One fault at one endpoint (or any), `times` times (None: always), from call `after` on.

    Faults of clips belong to the endpoint that made the clip.
    """

    kind: Fault
    endpoint: Endpoint | None = None
    times: int | None = 1
    after: int = 0
    value: int | str | None = None

    @classmethod
    def from_json(cls, data: object) -> FaultRule:
        """Read a rule; raises `FaultRuleError`."""
        if not isinstance(data, dict):
            raise FaultRuleError(f"{data!r}: expected an object")
        times, after, value = data.get("times", 1), data.get("after", 0), data.get("value")
        if not (times is None or isinstance(times, int)) or not isinstance(after, int):
            raise FaultRuleError(f"times {times!r}, after {after!r}: expected whole numbers")
        if not (value is None or isinstance(value, int | str)):
            raise FaultRuleError(f"value {value!r}: expected a number, a text or nothing")
        place = data.get("endpoint")
        try:
            return cls(
                kind=Fault(str(data.get("kind"))),
                endpoint=None if place is None else Endpoint(str(place)),
                times=times,
                after=after,
                value=value,
            )
        except ValueError as error:
            raise FaultRuleError(str(error)) from error

    def as_json(self) -> dict[str, object]:
        """Return the rule with what is left of it."""
        return asdict(self)

    def number(self, default: int) -> int:
        """Return the value as a number."""
        return self.value if isinstance(self.value, int) else default


class Faults:
    """The rules in force, in the order they were added, and a record of those that struck."""

    def __init__(self) -> None:
        self.rules: list[FaultRule] = []
        self.struck: list[tuple[Fault, Endpoint]] = []

    def add(self, kind: Fault, endpoint: Endpoint | None = None, **how: int | str | None) -> None:
        """Add a rule; `how` is `times`, `after`, `value` as in `FaultRule`."""
        self.rules.append(FaultRule.from_json({"kind": kind, "endpoint": endpoint, **how}))

    def clear(self) -> None:
        """Forget all rules; what struck stays on record."""
        self.rules.clear()

    def take(self, kind: Fault, endpoint: Endpoint) -> FaultRule | None:
        """Return the first rule that strikes now, and count it."""
        for rule in self.rules:
            if rule.kind is not kind or rule.endpoint not in (None, endpoint) or rule.times == 0:
                continue
            if rule.after > 0:
                rule.after -= 1
                continue
            if rule.times is not None:
                rule.times -= 1
            self.struck.append((kind, endpoint))
            return rule
        return None

    def first(self, kinds: tuple[Fault, ...], endpoint: Endpoint) -> FaultRule | None:
        """Return the first of those faults that strikes; the others are left alone."""
        return next((rule for kind in kinds if (rule := self.take(kind, endpoint))), None)
