"""A real Alertmanager with our configuration, its mails at a real SMTP server, and its webhook."""

import email.policy
import json
import os
import subprocess
import time
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from pytest_httpserver import HTTPServer

from alerts.rules import RULES
from tests.monitoring.conftest import MONITORING, answers, free_port, until

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

PASSWORD = "it's |a & b\\ ${NAME}"
# Ours, shortened to what a test can wait for; the routes and their order stay.
PATIENCE = {
    "group_wait: 5s": "group_wait: 300ms",
    "group_wait: 10s": "group_wait: 300ms",
    "group_wait: 30s": "group_wait: 300ms",
    "group_interval: 5m": "group_interval: 500ms",
    "group_interval: 15m": "group_interval: 500ms",
}


class Mailbox:
    """What was delivered, to whom; only with the right password."""

    def __init__(self):
        self.mails = []

    def authenticate(self, *about):
        given = about[-1]
        right = (b"monps", PASSWORD.encode())
        return AuthResult(success=(given.login, given.password) == right, handled=False)

    async def handle_DATA(self, *about):  # noqa: N802 (aiosmtpd's name)
        envelope = about[-1]
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((mail, envelope.rcpt_tos))
        return "250 OK"

    def about(self, words):
        """Those whose text names something only one test speaks of."""
        return [mail for mail, _to in self.mails if words in text_of(mail)]


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def html_of(mail):
    return mail.get_body(("html",)).get_content()


@pytest.fixture(scope="module")
def mailbox():
    box = Mailbox()
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=box.authenticate,
        auth_required=True,
        auth_require_tls=False,
        auth_exclude_mechanism=["LOGIN"],  # Alertmanager knows other words for it than aiosmtpd
    )
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


@pytest.fixture(scope="module")
def site():
    """Where Alertmanager's webhook goes."""
    with HTTPServer(host="127.0.0.1") as server:
        server.expect_request("/alerts/webhook", method="POST").respond_with_data("")
        yield server


@pytest.fixture(scope="module")
def alertmanager(tool, mailbox, site, tmp_path_factory):
    """The address of one that mails and tells the site."""
    program = tool("prometheus-alertmanager", "alertmanager")
    folder = tmp_path_factory.mktemp("alertmanager")
    source = folder / "alertmanager.yml"
    text = (MONITORING / "alertmanager/alertmanager.yml").read_text(encoding="utf-8")
    for ours, short in PATIENCE.items():
        assert ours in text
        text = text.replace(ours, short)
    source.write_text(text, encoding="utf-8")
    (folder / "templates").symlink_to(MONITORING / "alertmanager/templates")
    port = free_port()
    command = [
        *("/bin/sh", MONITORING / "start.sh", source, program),
        f"--config.file={folder}/run/alertmanager.yml",
        f"--storage.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    environment = {
        "PATH": os.environ["PATH"],
        "RUN_FOLDER": str(folder / "run"),
        "WEB_ADDRESS": f"127.0.0.1:{site.port}",
        "PUBLIC_URL": "https://monps.example.org/",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mailbox.port),
        "EMAIL_USE_TLS": "false",
        "EMAIL_HOST_USER": "monps",
        "EMAIL_HOST_PASSWORD": PASSWORD,
        "DEFAULT_FROM_EMAIL": "MON_PS l'ami <monps@example.org>",
        "EMAIL_TO": "one@example.org, two@example.org",
        "ALERTS_WEBHOOK_SECRET": "shared",
    }
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(f"{address}/-/ready"))
        yield address
    finally:
        process.terminate()
        process.wait(10)


def push(alertmanager, *alerts):
    request = urllib.request.Request(
        f"{alertmanager}/api/v2/alerts",
        json.dumps(alerts).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert answer.status == 200


def opportunity(number, *, sport, home, away="Nantes", **changes):
    return {
        "labels": {
            "alertname": "OpportunityDetected",
            "severity": "info",
            "sport": sport,
            "opportunity": str(number),
        },
        "annotations": {
            "home_team": home,
            "away_team": away,
            "outcome": "domicile",
            "market": "1X2",
            "odds": "2,10",
            "bookmaker": "Winamax",
            "kind": "Valeur",
            "competition": "A competition",
            "edge_pct": "4.2",
            "spread_pct": "12.5",
            "bookmakers": "17",
            "seen_age": "3 min",
            "kickoff_paris": "samedi 21 novembre 2026 à 21:00",
            "url": f"https://monps.example.org/opportunities/{number}",
        }
        | changes,
        "startsAt": datetime.now(UTC).isoformat(),
    }


def of_rule(name, description, **labels):
    rule = RULES[name]
    return {
        "labels": {"alertname": name, "severity": rule.severity.value} | labels,
        "annotations": {
            "summary": rule.summary.fr,
            "description": description,
            "runbook": rule.runbook,
        },
        "startsAt": "2026-11-21T18:00:00Z",
    }


def ended(alert):
    return alert | {"endsAt": (datetime.now(UTC) - timedelta(seconds=1)).isoformat()}


def test_opportunities_come_in_one_mail_once_and_so_does_their_end(alertmanager, mailbox):
    both = [
        opportunity(1, sport="soccer_france_ligue_one", home="Lens", competition="Ligue 1"),
        opportunity(
            2,
            sport="soccer_france_ligue_one",
            home="Metz",
            competition="Ligue 1",
            away="Rennes",
            outcome="nul",
            odds="3,60",
            bookmaker="Pinnacle",
            edge_pct="1,1\u00a0%",
        ),
    ]

    push(alertmanager, *both)

    (mail,) = until(lambda: mailbox.about("Lens"))
    assert mail["Subject"] == "💰 [MON_PS] 2 opportunités (Ligue 1)"
    assert mail["From"].addresses[0].addr_spec == "monps@example.org"
    assert {to for one, tos in mailbox.mails if one is mail for to in tos} <= {
        "one@example.org",
        "two@example.org",
    }
    for content in (text_of(mail), html_of(mail).replace("<strong>", "").replace("</strong>", "")):
        for words in (
            "Lens – Nantes",
            "Metz – Rennes",
            "2,10 chez Winamax",
            "3,60 chez Pinnacle",
            "4,2\u00a0%",
            "1,1\u00a0%",
            "12,5\u00a0%",
            "3 min",
            "samedi 21 novembre 2026 à 21:00 (heure de Paris)",
            "https://monps.example.org/opportunities/1",
            "https://monps.example.org/opportunities/2",
        ):
            assert words in content, words
        assert "L’avantage annoncé vient d’une estimation" in content
        assert "%\u00a0%" not in content
        assert "\u00a0%\u00a0%" not in content

    for one in both:
        one["annotations"] |= {"seen_age": "4 min", "edge_pct": "5.9", "odds": "2,15"}
    push(alertmanager, *both)  # as every minute while they are open, with what is true then
    time.sleep(1.5)  # three times the interval in which a changed group would be told
    assert mailbox.about("Lens") == [mail]

    push(alertmanager, *map(ended, both))

    last = until(lambda: mailbox.about("Lens")[1:])[-1]
    assert last["Subject"] == "✅ [MON_PS] 2 opportunités fermées"
    assert "Metz – Rennes : nul à 2,15" in text_of(last)


def test_one_opportunity_is_in_the_subject_and_its_names_are_no_html(alertmanager, mailbox):
    push(alertmanager, opportunity(3, sport="soccer_epl", home="<b>Brighton & Hove</b>"))

    (mail,) = until(lambda: mailbox.about("Brighton"))
    assert (
        mail["Subject"]
        == "💰 [MON_PS] <b>Brighton & Hove</b> – Nantes : domicile à 2,10 (A competition)"
    )
    assert "&lt;b&gt;Brighton &amp; Hove&lt;/b&gt;" in html_of(mail)
    assert "<b>" not in html_of(mail)


def test_an_opportunity_without_details_is_still_a_mail(alertmanager, mailbox):
    push(
        alertmanager,
        {
            "labels": {"alertname": "OpportunityDetected", "severity": "info", "sport": "bare"},
            "annotations": {"home_team": "Kiruna", "away_team": "Umeå"},
        },
    )

    (mail,) = until(lambda: mailbox.about("Kiruna"))
    assert "%" not in text_of(mail)


def test_the_sum_of_opportunities_told_one_by_one_is_not_mailed(alertmanager, mailbox, site):
    push(alertmanager, opportunity(4, sport="soccer_mls", home="Portland"))
    until(lambda: mailbox.about("Portland"))

    push(alertmanager, of_rule("NewOpportunitySpike", "Pic muet"))

    time.sleep(1.2)
    assert mailbox.about("Pic muet") == []


def test_a_critical_alert_asks_for_action_and_is_told_when_it_ends(alertmanager, mailbox):
    alert = of_rule("BankrollCritique", "La bankroll est de 890,00 € (seuil : 900 €).")

    push(alertmanager, alert)

    (mail,) = until(lambda: mailbox.about("890,00 €"))
    assert mail["Subject"] == "🚨 [MON_PS] ALERTE CRITIQUE - BankrollCritique"
    assert "Action immédiate requise" in html_of(mail)
    assert "docs/OPERATIONS.md #bankrollcritique" in html_of(mail)
    assert "21/11/2026 18:00 UTC" in text_of(mail)
    assert 'href="https://monps.example.org/"' in html_of(mail)

    push(alertmanager, of_rule("BankrollWarning", "Basse et muette"))  # the worse one speaks
    time.sleep(1.2)
    assert mailbox.about("Basse et muette") == []

    push(alertmanager, ended(alert))

    titles = until(
        lambda: [m["Subject"] for m, _to in mailbox.mails if "Résolu - Bankroll" in m["Subject"]]
    )
    assert titles == ["✅ [MON_PS] Résolu - BankrollCritique"]


@pytest.mark.parametrize(
    ("rule", "subject"),
    [
        ("BackendDown", "🚨 [MON_PS] ALERTE CRITIQUE - BackendDown"),
        ("CollectionsFailing", "ℹ️ [MON_PS] Des collectes échouent"),
        ("AgentTestVerdict", "🤖 [MON_PS] Signal Agent ML - Un test A/B a rendu son verdict"),
        ("ExtremeSpreadOpportunity", "💰 [MON_PS] Écart extrême ({sport})"),
    ],
)
def test_each_kind_has_its_subject(alertmanager, mailbox, rule, subject):
    labels = {"sport": "a_sport"} if RULES[rule].by == "sport" else {}

    alert = of_rule(rule, f"Au sujet de {rule}", **labels)
    push(alertmanager, alert)

    (mail,) = until(lambda: mailbox.about(f"Au sujet de {rule}"))
    push(alertmanager, ended(alert))  # BackendDown mutes others
    assert mail["Subject"] == subject
    assert "L’avantage annoncé" not in text_of(mail) + html_of(mail)  # these claim none


def test_the_site_is_told_with_the_shared_secret(alertmanager, site):
    push(alertmanager, of_rule("MailsFailing", "Pour le site"))

    def told():
        return [
            request
            for request, _answer in list(site.log)
            if "Pour le site" in request.get_data(as_text=True)
        ]

    request = until(told)[0]
    assert request.headers["Authorization"] == "Bearer shared"
    assert request.get_json()["groupLabels"] == {"alertname": "MailsFailing"}
