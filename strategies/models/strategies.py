"""Strategies and their versions."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from strategies.parameters import as_mapping, parse
from strategies.registry import AGENTS, Agent


def known_agent(key: str) -> None:
    """Refuse an agent that does not exist."""
    if key not in AGENTS:
        raise ValidationError(
            _("There is no agent %(key)s; there are %(known)s."),
            params={"key": key, "known": ", ".join(AGENTS)},
        )


class Strategy(models.Model):
    """An agent with parameters; while it is active it predicts on every collection."""

    id = models.AutoField(primary_key=True)
    agent = models.CharField(_("agent"), max_length=20, validators=[known_agent])
    agent_name = models.CharField(_("agent's name"), max_length=60, editable=False)
    strategy_name = models.CharField(_("strategy"), max_length=60)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("It predicts on every collection, on paper.")
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        db_table = "strategies"
        ordering = ["agent", "strategy_name"]
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        constraints = [
            models.UniqueConstraint("agent", "strategy_name", name="strategies_one_of_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.agent_name} · {self.strategy_name}"

    @property
    def rules(self) -> Agent:
        """The agent it asks."""
        return AGENTS[self.agent]


class StrategyVersionQuerySet(models.QuerySet["StrategyVersion"]):
    """Words for versions."""

    def active(self) -> Self:
        """Those that predict: the current ones of active strategies, and both arms of tests."""
        in_test = Q(tests_as_a__status="active") | Q(tests_as_b__status="active")
        return self.filter(Q(is_current=True) | in_test, strategy__is_active=True).distinct()


class StrategyVersion(models.Model):
    """One set of parameters of a strategy; never changed, so that its predictions keep theirs.

    A strategy has one current version; going back to an earlier one makes that current again.
    """

    id = models.AutoField(primary_key=True)
    strategy = models.ForeignKey(
        Strategy,
        models.CASCADE,
        related_name="versions",
        verbose_name=_("strategy"),
        db_index=False,  # the unique constraint below starts with it
    )
    number = models.PositiveSmallIntegerField(_("version"))
    parameters = models.JSONField(_("parameters"))
    is_current = models.BooleanField(_("current"), default=False)
    origin = models.CharField(_("origin"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("created"))

    objects = StrategyVersionQuerySet.as_manager()

    class Meta:
        db_table = "strategy_versions"
        ordering = ["strategy", "-number"]
        verbose_name = _("strategy version")
        verbose_name_plural = _("strategy versions")
        constraints = [
            models.UniqueConstraint("strategy", "number", name="strategy_versions_numbered"),
            models.UniqueConstraint(
                "strategy", condition=Q(is_current=True), name="strategy_versions_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.strategy} v{self.number}"

    @property
    def values(self) -> Any:
        """The parameters as the agent takes them; those it did not have then by default."""
        return parse(self.strategy.rules.parameters, self.parameters)

    @property
    def mapping(self) -> dict[str, float]:
        """The parameters as plain values, all of them."""
        return as_mapping(self.values)

    @property
    def threshold(self) -> float:
        """The parameter the original called the threshold."""
        return self.mapping[self.strategy.rules.threshold]
