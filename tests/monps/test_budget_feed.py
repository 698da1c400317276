"""The calendar feed: who may read it, and that any calendar can."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar

from monps.budget import feed
from odds.budget import stored
from odds.planner.plans import Budget, Endpoint, Plan, PlannedCall
from odds.planner.shapes import CallShape
from odds.planner.situation import Kind
from tests.factories import make_sport

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NOTHING = Budget(
    remaining=100, reserve=10, closings=0, results=0, scans=0,
    unknown_closings=0, safety=0, later_scans=0,
)  # fmt: skip
# Everything a value of type TEXT escapes, and letters of two and four octets beyond 75 of them.
TITLES = {"soccer_epl": "Ligue 1; Conférence, d’été \\ réserve \U0001f3c6 " + "é" * 60}


def closing(*match_ids: str, at: datetime = NOON, kind: Kind = Kind.CLOSING) -> PlannedCall:
    return PlannedCall(
        at=at, until=at + 9 * MINUTE, sport="soccer_epl", kind=kind, endpoint=Endpoint.ODDS,
        shape=CallShape(markets=("h2h",), regions=("eu",)), cost=2, value=1.0,
        match_ids=match_ids, kickoff=at + 10 * MINUTE,
    )  # fmt: skip


def plan_of(*calls: PlannedCall) -> Plan:
    return Plan(made_at=NOON, calls=calls, not_planned=(), budget=NOTHING)


def written(*calls: PlannedCall) -> str:
    return feed.calendar(plan_of(*calls), now=NOON, titles=TITLES)


def user(name: str = "owner", **given: object) -> User:
    return User.objects.create_user(name, password="first", is_superuser=True, **given)


@pytest.fixture
def stranger() -> Iterator[Client]:
    with translation.override(None):
        yield Client(headers={"accept-language": "en"})


def address(token: str) -> str:
    return reverse("budget_feed", query={"token": token})


def test_another_library_reads_what_was_written():
    calendar = Calendar.from_ical(written(closing("one", "two")))
    (event,) = calendar.walk("VEVENT")

    assert calendar["VERSION"] == "2.0"
    assert event["DTSTART"].dt == NOON
    assert event["DTEND"].dt == NOON + 9 * MINUTE
    assert str(event["SUMMARY"]) == f"Closing odds: {TITLES['soccer_epl']} (2 credits)"
    assert TITLES["soccer_epl"] in str(event["DESCRIPTION"])
    assert not calendar.errors
    assert not event.errors


def test_lines_end_with_crlf_and_have_at_most_75_octets():
    octets = written(closing("one")).encode()
    lines = octets.split(b"\r\n")

    assert lines[-1] == b""
    assert max(map(len, lines)) == 75  # some are folded, or this shows nothing
    assert b"\n" not in octets.replace(b"\r\n", b"")
    assert b"\r" not in octets.replace(b"\r\n", b"")
    for line in lines:
        line.decode()  # no character is cut in two


def test_every_instant_is_in_utc():
    paris = timezone.get_default_timezone()

    (event,) = Calendar.from_ical(written(closing("one", at=NOON.astimezone(paris)))).walk("VEVENT")

    assert event["DTSTART"].to_ical() == b"20261121T120000Z"


def test_a_capture_keeps_its_identifier_when_its_kick_off_moves_and_others_have_another():
    def identifiers(*calls: PlannedCall) -> list[str]:
        return [str(event["UID"]) for event in Calendar.from_ical(written(*calls)).walk("VEVENT")]

    before = identifiers(closing("one", "two"), closing("three"))
    after = identifiers(closing("one", at=NOON + 90 * MINUTE), closing("three", "four"))

    assert before == after
    assert len(set(before)) == 2


def test_only_closing_captures_are_told():
    assert Calendar.from_ical(written(closing("one", kind=Kind.SCAN))).walk("VEVENT") == []


def test_an_event_without_length_has_no_end():
    call = closing("one")
    instant = PlannedCall(
        **{name: getattr(call, name) for name in call.__slots__} | {"until": call.at}
    )

    (event,) = Calendar.from_ical(written(instant)).walk("VEVENT")

    assert "DTEND" not in event  # RFC 5545, 3.8.2.2: an end is later than the start


@pytest.mark.django_db
def test_the_address_needs_no_session_and_tells_the_plan_in_force(stranger: Client) -> None:
    make_sport(title="Premier League")
    stored.save(plan_of(closing("one")), fingerprint="")

    answer = stranger.get(address(feed.token_of(user())))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Closing odds: Premier League (2 credits)"


@pytest.mark.django_db
def test_before_the_first_plan_the_calendar_is_empty_and_valid(stranger: Client) -> None:
    answer = stranger.get(address(feed.token_of(user())))

    assert Calendar.from_ical(answer.content).walk("VEVENT") == []


@pytest.mark.django_db
def test_another_password_makes_the_old_address_worthless(stranger: Client) -> None:
    owner = user()
    old = feed.token_of(owner)

    owner.set_password("second")
    owner.save()

    assert stranger.get(address(old)).status_code == 403
    assert stranger.get(address(feed.token_of(owner))).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil",
    [
        lambda _token: "",
        lambda token: token[:-1],
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: "9" + token,
        lambda token: token.partition(".")[2],
        lambda token: "1" * 40 + token,
        lambda token: f"é{token}",
        lambda token: token + "\x00",
    ],
    ids=["none", "short", "changed", "another user", "no user", "huge", "letter", "zero byte"],
)
def test_any_other_token_is_refused(stranger: Client, spoil) -> None:  # type: ignore[no-untyped-def]
    answer = stranger.get(address(spoil(feed.token_of(user()))))

    assert answer.status_code == 403
    assert "BEGIN" not in answer.content.decode()


@pytest.mark.django_db
def test_a_user_s_token_is_not_another_s(stranger: Client) -> None:
    first, second = user("first"), user("second")

    borrowed = f"{second.pk}.{feed.token_of(first).partition('.')[2]}"

    assert stranger.get(address(borrowed)).status_code == 403


@pytest.mark.django_db
def test_who_left_or_may_not_see_calls_reads_nothing(stranger: Client) -> None:
    gone = user("gone", is_active=False)
    guest = User.objects.create_user("guest", password="x", is_staff=True)
    assert stranger.get(address(feed.token_of(gone))).status_code == 403
    assert stranger.get(address(feed.token_of(guest))).status_code == 403

    guest.user_permissions.add(Permission.objects.get(codename="view_collection"))

    assert stranger.get(address(feed.token_of(guest))).status_code == 200


@pytest.mark.django_db
def test_the_token_opens_nothing_but_the_feed(stranger: Client) -> None:
    token = feed.token_of(user())

    answer = stranger.get("/odds/", headers={"authorization": f"Token {token}"})
    page = stranger.get(f"{reverse('budget')}?token={token}")

    assert answer.status_code in {401, 403}
    assert page.status_code == 302
    assert "login" in page["Location"]
    assert stranger.post(address(token)).status_code == 405
