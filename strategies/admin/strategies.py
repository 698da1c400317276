"""Strategies in the admin: the ranking, a page for each, and the agents behind them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from betting.admin.pages import Doing, PageAdmin, plain
from odds import figures
from odds.admin_facts import change_url, column, request_time, two_lines
from strategies import versions
from strategies.admin import agent_cards, ranking, ranking_text, strategy_page
from strategies.admin.parameter_form import form_of
from strategies.models import RankingSettings, Strategy, Tier
from strategies.registry import AGENTS


class TierFilter(SimpleListFilter):
    """How good the record is, or that it is too short."""

    title = gettext_lazy("tier")
    parameter_name = "tier"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """The tiers, and none."""
        return [*((one.value, one.value) for one in Tier), ("none", gettext_lazy("Unrated"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        """The strategies of the tier."""
        chosen = self.value()
        if not chosen:
            return queryset
        return queryset.filter(current_tier=None if chosen == "none" else chosen)


class AgentFilter(SimpleListFilter):
    """Which agent is asked."""

    title = gettext_lazy("agent")
    parameter_name = "agent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        """All of them."""
        return [(agent.key, agent.name) for agent in AGENTS.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        """The strategies that ask it."""
        return queryset.filter(agent=self.value()) if self.value() else queryset


@admin.register(Strategy)
class StrategyAdmin(PageAdmin):
    """The ranking, and what each strategy is made of."""

    list_display = [
        "rank_shown",
        "name",
        "tier",
        "score",
        "money",
        "clv",
        "number",
        "won",
        "state",
    ]
    list_display_links = None
    list_filter = ["is_active", TierFilter, AgentFilter]
    list_before_template = "strategies/strategy/ranking.html"
    page_template = "strategies/strategy/page.html"
    actions = ["activate", "deactivate"]  # type: ignore[assignment]  # facts have none
    empty_title = gettext_lazy("No strategy here")
    empty_hint = gettext_lazy(
        "Every agent brings one, added by the command `prepare` whenever MON_PS starts; their "
        "predictions come with the next collection."
    )
    empty_url_name = "admin:strategies_agents"
    empty_link = gettext_lazy("Agents")

    def get_urls(self) -> list[URLPattern]:
        """With the page of agents."""
        agents = self.admin_site.admin_view(self.agents_view)
        return [path("agents/", agents, name="strategies_agents"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:  # noqa: ARG002
        """Best first, with their records; only those of current versions count."""
        return ranking.ranked(Strategy.objects.order_by()).order_by("rank", "pk")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:  # noqa: ARG002
        """By rank."""
        return ("rank", "pk")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, under how it is to be read."""
        self.settings = RankingSettings.current()
        context = {"ranking": ranking.note(self.settings)}
        response: HttpResponse = super().changelist_view(request, context | (extra_context or {}))
        return response

    @column(gettext_lazy("Rank"))
    def rank_shown(self, strategy: Any) -> str:
        """Its place by score among all strategies; a dash without a score."""
        return figures.UNDEFINED if strategy.current_score is None else str(strategy.rank)

    @column(gettext_lazy("Strategy"))
    def name(self, strategy: Any) -> SafeString:
        """What it is called as a link, over its agent and version."""
        link = format_html(
            '<a class="mp-link" href="{}">{}</a>', change_url(strategy), strategy.strategy_name
        )
        version = _("%(agent)s v%(number)s") % {
            "agent": strategy.agent_name,
            "number": strategy.current_number or figures.UNDEFINED,
        }
        return two_lines(link, version)

    @column(gettext_lazy("Tier"))
    def tier(self, strategy: Any) -> SafeString:
        """How good its record is, or what is missing."""
        settings = getattr(self, "settings", None) or RankingSettings.current()
        return ranking_text.tier_cell(ranking_text.standing_of(strategy), settings)

    @column(gettext_lazy("Score"))
    def score(self, strategy: Any) -> SafeString:
        """What it is ranked by, and this week against the last."""
        record = ranking_text.standing_of(strategy)
        return ranking_text.score_cell(strategy.current_score, record)

    @column(gettext_lazy("Yield"))
    def money(self, strategy: Any) -> SafeString | str:
        """Profit per unit decided."""
        return ranking_text.yield_cell(ranking_text.standing_of(strategy))

    @column(gettext_lazy("Fair CLV"))
    def clv(self, strategy: Any) -> SafeString | str:
        """How much better than the closing line its prices were."""
        return ranking_text.clv_cell(ranking_text.standing_of(strategy))

    @column(gettext_lazy("Predictions"))
    def number(self, strategy: Any) -> SafeString | str:
        """How many, and how many are settled."""
        record = ranking_text.standing_of(strategy)
        if record is None:
            return figures.UNDEFINED
        settled = _("%(number)s settled") % {"number": figures.whole(record.settled)}
        return two_lines(figures.whole(record.total_predictions), settled)

    @column(gettext_lazy("Win rate"))
    def won(self, strategy: Any) -> SafeString | str:
        """The original's measure; says nothing without odds."""
        return ranking_text.win_rate_cell(ranking_text.standing_of(strategy))

    @column(gettext_lazy("Predicts"), label={"yes": "success", "no": ""})
    def state(self, strategy: Any) -> tuple[str, str]:
        """Whether it is asked at every collection."""
        return ("yes", _("active")) if strategy.is_active else ("no", _("off"))

    @admin.action(description=gettext_lazy("Activate"), permissions=["work"])
    def activate(self, request: HttpRequest, queryset: QuerySet[Strategy]) -> None:
        """Let them predict from the next collection on."""
        self._switch(request, queryset, is_active=True)

    @admin.action(description=gettext_lazy("Deactivate"), permissions=["work"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[Strategy]) -> None:
        """Let them predict nothing more; what they predicted stands."""
        self._switch(request, queryset, is_active=False)

    def _switch(
        self, request: HttpRequest, queryset: QuerySet[Strategy], *, is_active: bool
    ) -> None:
        chosen = Strategy.objects.filter(pk__in=queryset.values("pk"))
        number = chosen.update(is_active=is_active)
        said = (
            ngettext("%(number)d strategy is active.", "%(number)d strategies are active.", number)
            if is_active
            else ngettext("%(number)d strategy is off.", "%(number)d strategies are off.", number)
        )
        self.message_user(request, said % {"number": number}, messages.SUCCESS)

    def doings(self) -> list[Doing]:
        """Other parameters, another version, on and off."""
        return [
            Doing(name="parameters", form=form_of, act=_change),
            Doing(name="version", form=_version_form, act=_go_to),
            Doing(name="switch", form=plain(forms.Form), act=_turn),
        ]

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:  # noqa: ARG002
        """Its record, its versions, what it predicted and how it was tested."""
        return {"page": strategy_page.read(row, now=request_time())}

    def agents_view(self, request: HttpRequest) -> HttpResponse:
        """What the agents are."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        cards = agent_cards.read()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Agents"),
            "cards": cards,
            "computed_at": max((one.computed_at for one in cards if one.computed_at), default=None),
        }
        return TemplateResponse(request, "strategies/strategy/agents.html", context)


def _version_form(strategy: Strategy, sent: Any = None, **given: Any) -> forms.Form:
    form = forms.Form(sent, **given)
    form.fields["version"] = forms.ModelChoiceField(strategy.versions.all())
    return form


def _change(request: HttpRequest, strategy: Strategy, form: Any) -> str:
    current = strategy.versions.select_related("strategy").get(is_current=True)
    if form.cleaned == current.mapping:
        return _("Nothing changed: these are the parameters of version %(number)d already.") % {
            "number": current.number
        }
    made = versions.add_version(
        strategy,
        form.cleaned,
        origin=f"{strategy_page.BY_HAND}{request.user.get_username()}"[:120],
        now=request_time(),
    )
    return _("Version %(number)d is current; it predicts from the next collection on.") % {
        "number": made.number
    }


def _go_to(_request: HttpRequest, _strategy: Strategy, form: forms.Form) -> str:
    version = form.cleaned_data["version"]
    if not versions.make_current(version):
        return _("Nothing changed: version %(number)d is current.") % {"number": version.number}
    return _("Version %(number)d is current again.") % {"number": version.number}


def _turn(_request: HttpRequest, strategy: Strategy, _form: forms.Form) -> str:
    is_active = not strategy.is_active
    Strategy.objects.filter(pk=strategy.pk).update(is_active=is_active)
    if is_active:
        return _("It predicts from the next collection on.")
    return _("It predicts nothing more; what it predicted stands.")
