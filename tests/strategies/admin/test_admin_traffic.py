"""What the page of an improvement in test says of real stakes, and where they are split."""

from html import unescape

import pytest
from django.test import Client

from strategies import lifecycle
from strategies.models import ExperimentSettings
from tests.factories import NOON
from tests.strategies.admin.improvement_pages import make_improvement, make_tested, page_of
from tests.strategies.admin.pages import ROOT, signed_in, text_of
from tests.strategies.arm_rows import bring

pytestmark = pytest.mark.django_db
SETTINGS = "experimentsettings/1/change/"


@pytest.fixture
def owner() -> Client:
    return signed_in()


def shown(owner: Client, improvement) -> str:
    return " ".join(unescape(text_of(owner, page_of(improvement))).split())


def test_a_split_tells_its_share_and_what_it_rests_on(owner: Client):
    ExperimentSettings.objects.create(splits_real_stakes=True)
    improvement = make_tested()
    bring(improvement, a=-1.0, b=2.0, count=40)

    text = shown(owner, improvement)

    assert "Real stakes are split: arm B gets 95% of the matches" in text
    assert "Probability that B’s profit is above A’s: 100%." in text
    assert "Settled matches of both: 40. Units a match: A −1.00, B +2.00." in text


def test_without_a_settled_match_it_is_halves(owner: Client):
    ExperimentSettings.objects.create(splits_real_stakes=True)

    text = shown(owner, make_tested())

    assert "Real stakes are split in halves: no match is settled yet" in text
    assert "Probability that B’s profit" not in text


def test_what_is_not_split_says_so_and_still_tells_what_is_known(owner: Client):
    improvement = make_tested()
    before = shown(owner, improvement)
    bring(improvement, a=1.0, b=-1.0, count=40)
    after = shown(owner, improvement)

    for text in (before, after):
        assert "Real stakes all follow arm A: they are not split." in text
        assert "Real stakes are split" not in text
    assert "No match is settled yet." in before
    assert "Units a match: A +1.00, B −1.00." in after


def test_only_a_test_that_runs_has_traffic(owner: Client):
    ended = make_tested()
    lifecycle.archive(ended.pk, reason=None, now=NOON)

    for improvement in (ended, make_improvement("spread_optimizer")):
        assert "Real stakes" not in shown(owner, improvement)


def test_the_settings_begin_without_a_split_and_can_make_one(owner: Client):
    form = owner.get(ROOT + SETTINGS).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields} | {"splits_real_stakes": "on"}

    answer = owner.post(ROOT + SETTINGS, sent)

    assert form["splits_real_stakes"].value() is False
    assert answer.status_code == 302
    assert ExperimentSettings.current().splits_real_stakes
