"""The error bodies of The Odds API v4.

Texts marked *recorded* were seen in answers of the provider; the others follow their pattern,
because only code and meaning are documented.
"""

import json

_DETAILS = "https://the-odds-api.com/liveapi/guides/v4/api-error-codes.html#"

# code: (HTTP status, message)
_ERRORS = {
    # Recorded.
    "MISSING_KEY": (401, "API key is missing"),
    "INVALID_KEY": (401, "API key is not valid. Get an API key at https://the-odds-api.com"),
    "OUT_OF_USAGE_CREDITS": (
        401,
        "Usage quota has been reached. See usage plans at https://the-odds-api.com",
    ),
    "HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN": (
        401,
        "Historical odds are only available on paid usage plans.",
    ),
    "UNKNOWN_SPORT": (404, "Unknown sport"),
    "MISSING_REGION": (422, "Missing regions or bookmakers key"),
    "INVALID_MARKET_COMBO": (
        422,
        "Invalid parameter combination. The given markets cannot be used with this sport.",
    ),
    # By analogy.
    "EVENT_NOT_FOUND": (404, "Event not found"),
    "EXCEEDED_FREQ_LIMIT": (429, "Requests are too frequent. Please try again in a few seconds."),
    "INVALID_REGION": (422, "Invalid regions"),
    "INVALID_BOOKMAKERS": (422, "Invalid bookmakers"),
    "INVALID_MARKET": (422, "Invalid markets"),
    "INVALID_DATE_FORMAT": (422, "Invalid dateFormat"),
    "INVALID_ODDS_FORMAT": (422, "Invalid oddsFormat"),
    "INVALID_ALL_SPORTS_PARAM": (422, "Invalid all parameter"),
    "INVALID_SCORES_DAYS_FROM": (422, "Invalid daysFrom parameter"),
    "INVALID_EVENT_IDS": (422, "Invalid eventIds parameter"),
    "INVALID_EVENT_ID": (422, "Invalid event id"),
    "INVALID_COMMENCE_TIME_FROM": (422, "Invalid commenceTimeFrom parameter"),
    "INVALID_COMMENCE_TIME_TO": (422, "Invalid commenceTimeTo parameter"),
    "INVALID_COMMENCE_TIME_RANGE": (422, "commenceTimeTo must be later than commenceTimeFrom"),
}


class ApiError(Exception):
    """A refusal in the provider's words.

    Args:
        code: The provider's `error_code`.
        message: Where it names a parameter; the usual one of the code otherwise.
    """

    def __init__(self, code: str, message: str = "") -> None:
        self.code = code
        self.status, usual = _ERRORS[code]
        self.message = message or usual
        super().__init__(self.message)

    @property
    def text(self) -> str:
        """The body as the provider sends it."""
        body = json.dumps(
            {
                "message": self.message,
                "error_code": self.code,
                "details_url": _DETAILS + self.code.lower().replace("_", "-"),
            },
            separators=(",", ":"),
        )
        # This one was recorded with a line feed at its end.
        return body + "\n" if self.code == "OUT_OF_USAGE_CREDITS" else body
