"""The one gate to The Odds API: calls, quota headers and errors split by what to do about them.

The key travels in the address, as the provider demands; so no address, no exception of the HTTP
library and no answer to a refused key ever leaves this module.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn, Self

import requests

logger = logging.getLogger(__name__)

WRONG_KEY_CODES = frozenset({"MISSING_KEY", "INVALID_KEY", "DEACTIVATED_KEY"})
PLAN_CODES = frozenset(
    {"HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN", "HISTORICAL_MARKETS_UNAVAILABLE_AT_DATE"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What the answer's headers say about credits; None where they are absent."""

    remaining: int | None = None
    used_this_month: int | None = None
    used: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A readable answer: the JSON array, the bytes it came in and what it cost."""

    events: list[Any]
    body: bytes
    quota: Quota
    http_status: int


class OddsApiError(Exception):
    """A call that brought nothing; the subclass says what the caller should do.

    `failure` is the word stored with the collection, `body` what can be kept of the answer.
    """

    failure: ClassVar[str] = "unavailable"

    def __init__(
        self,
        message: str,
        *,
        http_status: int | None = None,
        quota: Quota | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(message)
        self.http_status = http_status
        self.quota = quota or Quota()
        self.body = body


class OddsApiKeyError(OddsApiError):
    """The key is missing, unknown or cancelled: stop and tell the operator."""

    failure = "wrong_key"


class OddsApiCreditsError(OddsApiError):
    """The month's credits are gone: stop until the reset."""

    failure = "out_of_credits"


class OddsApiPlanError(OddsApiError):
    """The plan does not include this: switch the feature off."""

    failure = "plan_limit"


class OddsApiRateLimitError(OddsApiError):
    """Too many calls in a second: wait some seconds, then try again."""

    failure = "rate_limited"


class OddsApiRequestError(OddsApiError):
    """The request itself is wrong (sport, market, region): correct it, never repeat it."""

    failure = "bad_request"


class OddsApiUnavailableError(OddsApiError):
    """No answer, or the provider's own error: try again later."""

    failure = "unavailable"


class OddsApiMalformedError(OddsApiError):
    """An answer that cannot be read, perhaps paid for: keep it and try again later."""

    failure = "malformed"


class OddsApiClient:
    """Calls The Odds API v4.

    Args:
        base_url: Where it is, without `/v4`.
        key: The secret; it appears in no message.
        timeout_seconds: For connecting, and again for each read.
    """

    def __init__(self, *, base_url: str, key: str, timeout_seconds: float = 30) -> None:
        self._base_url = base_url.rstrip("/")
        self._key = key
        self._timeout_seconds = timeout_seconds
        self._session = requests.Session()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._session.close()

    def odds(
        self,
        sport_key: str,
        *,
        regions: Sequence[str],
        markets: Sequence[str],
        bookmakers: Sequence[str] = (),
    ) -> Answer:
        """Odds of a sport's coming and running matches.

        Costs markets times regions credits; `bookmakers`, where given, are asked for instead of
        regions, and each started group of ten counts as one.
        """
        whose = {"bookmakers": ",".join(bookmakers)} if bookmakers else {}
        return self._get(
            f"sports/{sport_key}/odds",
            **whose or {"regions": ",".join(regions)},
            markets=",".join(markets),
            oddsFormat="decimal",
            dateFormat="iso",
        )

    def events(self, sport_key: str) -> Answer:
        """A sport's coming and running matches without odds; free."""
        return self._get(f"sports/{sport_key}/events", dateFormat="iso")

    def scores(
        self, sport_key: str, *, days_from: int | None, event_ids: Sequence[str] = ()
    ) -> Answer:
        """Scores of a sport's matches; costs 1 credit, 2 with `days_from`.

        Args:
            sport_key: The sport.
            days_from: How many days back finished matches are wanted, 1 to 3; None for none.
            event_ids: Only these matches; all where empty.
        """
        parameters = {"dateFormat": "iso"}
        if days_from is not None:
            parameters["daysFrom"] = str(days_from)
        if event_ids:
            parameters["eventIds"] = ",".join(event_ids)
        return self._get(f"sports/{sport_key}/scores", **parameters)

    def sports(self) -> Answer:
        """The sports in season; free."""
        return self._get("sports")

    def _get(self, path: str, **parameters: str) -> Answer:
        try:
            response = self._session.get(
                f"{self._base_url}/v4/{path}",
                params={"apiKey": self._key, **parameters},
                timeout=self._timeout_seconds,
                allow_redirects=False,
            )
            body = response.content
        except requests.Timeout:
            raise OddsApiUnavailableError(
                f"The Odds API did not answer within {self._timeout_seconds:g} seconds."
            ) from None
        except requests.RequestException as error:
            raise OddsApiUnavailableError(
                f"The Odds API could not be reached ({type(error).__name__})."
            ) from None
        quota = _quota(response)
        if response.status_code != 200:
            _raise_for(response.status_code, body, quota)
        events = _array(body, quota)
        logger.info("%s answered %d items, %s credits", path, len(events), quota.used)
        return Answer(events=events, body=body, quota=quota, http_status=200)


def _quota(response: requests.Response) -> Quota:
    def number(name: str) -> int | None:
        text = response.headers.get(name, "")
        try:
            return max(0, int(float(text)))
        except ValueError:
            return None

    return Quota(
        remaining=number("x-requests-remaining"),
        used_this_month=number("x-requests-used"),
        used=number("x-requests-last"),
    )


def _array(body: bytes, quota: Quota) -> list[Any]:
    try:
        value = json.loads(body)
    except ValueError:
        raise OddsApiMalformedError(
            f"The Odds API's answer is not complete JSON ({len(body)} bytes).",
            http_status=200,
            quota=quota,
            body=body,
        ) from None
    if not isinstance(value, list):
        raise OddsApiMalformedError(
            f"The Odds API answered a JSON {type(value).__name__} where a list was expected.",
            http_status=200,
            quota=quota,
            body=body,
        )
    return value


def _raise_for(status: int, body: bytes, quota: Quota) -> NoReturn:
    code, message = _error_of(body)
    said = f"HTTP {status}{f', {code}' if code else ''}{f': {message}' if message else ''}"
    error: type[OddsApiError]
    if code in WRONG_KEY_CODES or (status in {401, 403} and not code):
        error, told = OddsApiKeyError, "The Odds API refused the key; check ODDS_API_KEY"
    elif code == "OUT_OF_USAGE_CREDITS":
        error, told = OddsApiCreditsError, "The month's credits at The Odds API are used up"
    elif code in PLAN_CODES:
        error, told = OddsApiPlanError, "The Odds API's plan does not include this"
    elif status == 429:
        error, told = OddsApiRateLimitError, "The Odds API asks for fewer calls a second"
    elif 400 <= status < 500:
        error, told = OddsApiRequestError, "The Odds API does not accept the request"
    else:
        error, told = OddsApiUnavailableError, "The Odds API is not available"
    raise error(f"{told} ({said}).", http_status=status, quota=quota)


def _error_of(body: bytes) -> tuple[str, str]:
    """The error code and the first sentence of a JSON error; empty where it is something else."""
    try:
        value = json.loads(body)
    except ValueError:
        return "", ""
    if not isinstance(value, dict):
        return "", ""
    code, message = value.get("error_code"), value.get("message")
    return (
        str(code)[:60] if code else "",
        str(message)[:200].rstrip(". \n") if message else "",
    )
