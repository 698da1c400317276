"""Laws of the rotation, and one calendar worked out by hand."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backups.retention import RECENT, Candidate, choose

instants = st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2027, 12, 31), timezones=st.just(UTC)
)


@st.composite
def candidates(draw):
    made = draw(st.lists(st.tuples(instants, st.booleans()), max_size=60))
    return [
        Candidate(key=key, made_at=when, has_failed=has_failed)
        for key, (when, has_failed) in enumerate(made)
    ]


def survivors(given_ones):
    kept = choose(given_ones)
    return [one for one in given_ones if one.key in kept]


@given(candidates())
def test_the_newest_and_the_newest_good_one_are_kept(some):
    kept = choose(some)

    def newest(ones):
        return {max(ones, key=lambda one: (one.made_at, one.key)).key} if ones else set()

    assert newest(some) <= kept.keys()
    assert newest([one for one in some if not one.has_failed]) <= kept.keys()


@given(candidates(), st.randoms())
def test_the_order_does_not_matter_and_a_second_time_removes_nothing(some, random):
    shuffled = random.sample(some, len(some))

    assert choose(shuffled) == choose(some)
    assert choose(survivors(some)) == choose(some)


@given(candidates())
def test_what_was_removed_earlier_is_never_missed_later(some):
    """Rotated after every single backup, the same are left as from all of them at once."""
    left = []
    for one in sorted(some, key=lambda one: (one.made_at, one.key)):
        left = survivors([*left, one])

    assert choose(left) == choose(some)


@given(candidates())
def test_no_more_are_kept_than_the_rules_say(some):
    good = [Candidate(key=one.key, made_at=one.made_at) for one in some]
    newest = max((one.made_at for one in good), default=None)
    earlier = [one for one in good if newest - one.made_at >= RECENT]

    kept = choose(good)

    assert len([one for one in earlier if one.key in kept]) <= 7 + 4 + 6
    days = {one.made_at.date() for one in good}
    kept_days = {one.made_at.date() for one in good if one.key in kept}
    assert set(sorted(days)[-7:]) <= kept_days


def test_a_year_of_nights():
    """Counted on a calendar of 2026: the last night is Saturday 21 November."""
    first = datetime(2025, 11, 22, 2, 30, tzinfo=UTC)
    nights = [
        Candidate(key=number, made_at=first + timedelta(days=number)) for number in range(365)
    ]

    kept = {
        f"{one.made_at:%Y-%m-%d}": choose(nights)[one.key]
        for one in nights
        if one.key in choose(nights)
    }

    assert kept == {
        "2026-06-30": "monthly",
        "2026-07-31": "monthly",
        "2026-08-31": "monthly",
        "2026-09-30": "monthly",
        "2026-10-31": "monthly",
        "2026-11-01": "weekly",
        "2026-11-08": "weekly",
        "2026-11-15": "daily",
        "2026-11-16": "daily",
        "2026-11-17": "daily",
        "2026-11-18": "daily",
        "2026-11-19": "daily",
        "2026-11-20": "daily",
        "2026-11-21": "daily",
    }


def test_one_that_cannot_be_restored_does_not_displace_a_good_one():
    day = datetime(2026, 11, 21, tzinfo=UTC)
    good = Candidate(key=1, made_at=day)
    bad = [
        Candidate(key=2 + number, made_at=day + timedelta(days=400 + number), has_failed=True)
        for number in range(40)
    ]

    assert 1 in choose([good, *bad])
