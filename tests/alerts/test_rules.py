"""Rules and their thresholds: one source, from the settings to Prometheus' files."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from alerts import rule_files
from alerts.models import AlertSettings
from alerts.models.thresholds import RANGES
from alerts.rules import RULES, holding

NOON = 1_790_000_000.0  # any instant, in seconds


def thresholds(**changes):
    return AlertSettings(**changes).thresholds()


def held(samples, **changes):
    return {one.rule.name: one for one in holding(samples, thresholds(**changes), now_seconds=NOON)}


def test_the_committed_files_are_those_of_the_default_thresholds(capsys):
    call_command("write_alert_rules", "--check")

    assert capsys.readouterr().out == "The rule files are up to date.\n"


@pytest.mark.django_db
def test_a_changed_threshold_reaches_the_files(tmp_path, capsys):
    AlertSettings(bankroll_critical=750, worker_silence_minutes=2.5).save()

    call_command("write_alert_rules", "--folder", tmp_path)

    money = (tmp_path / "money.yml").read_text(encoding="utf-8")
    assert 'max(monps_bankroll{job="monps_backend"}) < 750' in money
    assert "(seuil\u00a0: 750\u00a0€)" in money
    assert "> 150'" in (tmp_path / "service.yml").read_text(encoding="utf-8")
    assert capsys.readouterr().out.startswith("Changed: service.yml, money.yml,")


@pytest.mark.django_db
def test_files_that_are_right_are_not_touched_and_leftovers_go(tmp_path, capsys):
    call_command("write_alert_rules", "--folder", tmp_path)
    (tmp_path / "money.yml").write_text("broken")
    (tmp_path / "gone.yml").write_text(rule_files.HEADER)
    (tmp_path / "own.yml").write_text("groups: []\n")
    before = (tmp_path / "service.yml").stat().st_mtime_ns
    capsys.readouterr()

    call_command("write_alert_rules", "--folder", tmp_path)

    assert capsys.readouterr().out == "Changed: money.yml, gone.yml.\n"
    assert (tmp_path / "service.yml").stat().st_mtime_ns == before
    ours = rule_files.rule_files(thresholds())
    assert {path.name for path in tmp_path.iterdir()} == {"own.yml", *ours}

    call_command("write_alert_rules", "--folder", tmp_path)

    assert capsys.readouterr().out == "Nothing to change.\n"


def test_check_names_what_differs(tmp_path):
    rule_files.write(tmp_path, thresholds(low_quota=51))

    with pytest.raises(CommandError, match=r"collection\.yml\. Run `python manage\.py"):
        call_command("write_alert_rules", "--check", "--folder", tmp_path)


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(CommandError, match=r"Cannot write to .* Name another with --folder\."):
        call_command("write_alert_rules", "--folder", tmp_path / "file")


def test_every_threshold_is_used_by_a_rule():
    named = thresholds()
    moved = {name: value + 1 for name, value in named.items()}

    for name in named:
        changed = named | {name: moved[name]}
        assert rule_files.rule_files(changed) != rule_files.rule_files(named), name


@pytest.mark.django_db
def test_every_threshold_has_a_range_that_holds_its_default():
    fields = {field.name: field for field in AlertSettings._meta.fields if field.name != "id"}

    assert fields.keys() == RANGES.keys()
    AlertSettings().full_clean()
    for name, (low, high) in RANGES.items():
        assert low <= fields[name].default <= high
        for outside in (float(low) - 1, float(high) + 1):
            with pytest.raises(ValidationError):
                fields[name].clean(outside, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"bankroll_warning": 899},
        {"drawdown_warning_pct": 19},
        {"minimum_settled": 0},
        {"low_quota": 1_000_001},
    ],
)
def test_thresholds_that_contradict_are_refused_by_form_and_database(wrong):
    with pytest.raises(ValidationError):
        AlertSettings(**wrong).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        AlertSettings(**wrong).save()


def test_the_same_facts_in_both_languages():
    found = held({"monps_bankroll": [({}, 849.5)]})["BankrollCritique"]

    assert found.labels == {"alertname": "BankrollCritique", "severity": "critical"}
    assert found.annotations("fr")["description"] == (
        "La bankroll est de 849,50\u00a0€ (seuil\u00a0: 900\u00a0€). Arrêter de parier."
    )
    assert found.annotations("en")["description"] == (
        "The bankroll is at 849.50 € (threshold: 900 €). Stop betting."
    )


def test_each_queue_is_an_alert_of_its_own():
    queues = [({"queue": "celery"}, 150.0), ({"queue": "long"}, 120.0), ({"queue": "x"}, 1.0)]

    found = holding({"monps_queue_length": queues}, thresholds(), now_seconds=NOON)

    backlog = [one.labels["queue"] for one in found if one.rule.name == "QueueBacklog"]
    assert backlog == ["celery", "long"]


def test_an_undefined_value_raises_nothing():
    assert "ROINegatif" not in held(
        {"monps_roi": [({}, float("nan"))], "monps_settled_bets": [({}, 100.0)]}
    )


def test_nothing_known_raises_nothing():
    assert held({}) == {}


def test_every_text_has_both_languages_and_french_spaces():
    for rule in RULES.values():
        for text in (rule.summary, rule.description):
            assert text.fr
            assert text.en
            assert re.search(r"(?<![\d ]) [:;?!%€]", text.fr) is None, text.fr
            assert set(re.findall(r"{\w+}", text.fr)) == set(re.findall(r"{\w+}", text.en))
