"""Adopting versions, which of them holds, and that what holds stays as it is."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.test.utils import CaptureQueriesContext

from anxiu.accounts.models import Region
from anxiu.kernel import values
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound, Stale, WrongState
from anxiu.kernel.models import EventRow
from anxiu.kernel.values import REGISTRY, DurationKind, IntegerKind, Scope, Value
from anxiu.regulation.actions import adopt_preset, amend_version, install, withdraw_version
from anxiu.regulation.models import Clause, Figure, Version
from anxiu.regulation.queries import document, figures, in_force, versions
from tests.regulation.conftest import AT

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)
REPEAT_WINDOW = "orders.repeat_window"


@pytest.fixture
def trial_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """One figure an order is judged by and one of the whole company, whatever apps are installed."""
    monkeypatch.setattr("anxiu.kernel.values.REGISTRY", {})
    Value("orders.repeat_window", DurationKind(), scope=Scope.ORDER)
    Value("orders.guarantee_days", IntegerKind(0, 999), scope=Scope.COMPANY)


def adopt(actor: Actor = SYSTEM, **more: object) -> Version:
    return adopt_preset(**{"actor": actor, "at": AT, "preset_code": "default", "in_force_from": AT, **more})  # type: ignore[arg-type]


def test_a_new_installation_has_always_had_the_default_regulation():
    version = in_force(None, "", AT - timedelta(days=3650))
    assert (version.code, version.in_force_from) == ("default-1", None)
    assert set(figures(version.pk)) == set(REGISTRY)


def test_management_adopts_a_preset_and_the_fact_is_recorded(manager: Actor):
    version = adopt(manager)
    assert (version.code, version.state, version.created_by_id) == ("default-2", "in_force", manager.person_id)
    assert in_force(None, "", AT) == version
    assert in_force(None, "", AT - timedelta(seconds=1)).code == "default-1"
    fact = EventRow.objects.get(kind="regulation.adopted", subject_id=version.pk)
    assert (fact.subject_kind, fact.actor_id, fact.occurred_at) == ("regulation", manager.person_id, AT)


def test_an_engineer_does_not_adopt_regulations(engineer: Actor):
    with pytest.raises(NotAllowed):
        adopt(engineer)


def test_the_most_specific_version_holds(north: Region, south: Region):
    for_all = adopt()
    for_type = adopt(order_type="installation")
    for_region = adopt(region_id=north.pk)
    for_both = adopt(region_id=north.pk, order_type="installation")
    holds = {
        (north.pk, "installation"): for_both, (north.pk, "repair"): for_region, (north.pk, ""): for_region,
        (south.pk, "installation"): for_type, (south.pk, "repair"): for_all, (None, ""): for_all,
    }  # fmt: skip
    for (region, order_type), version in holds.items():
        assert in_force(region, order_type, LATER) == version


def test_of_one_scope_the_later_version_holds_from_its_beginning_on():
    first, second = adopt(), adopt(in_force_from=LATER)
    assert in_force(None, "", LATER - timedelta(seconds=1)) == first
    assert in_force(None, "", LATER) == second


def test_which_version_holds_is_one_statement(north: Region):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        in_force(north.pk, "repair", AT)
    assert len(asked) == 1


def test_figures_are_read_once_per_process():
    version = adopt()
    with CaptureQueriesContext(connection) as asked:
        values.reading(version.pk)
        values.reading(version.pk)
    assert len(asked) == 1


@pytest.mark.usefixtures("trial_values")
def test_the_companys_own_figure_replaces_the_presets():
    version = adopt(changes={REPEAT_WINDOW: "45 d"})
    assert figures(version.pk)[REPEAT_WINDOW] == "45 d"
    origins = dict(Figure.objects.filter(version=version).values_list("key", "origin"))
    assert origins == {"orders.repeat_window": "company", "orders.guarantee_days": "published"}


@pytest.mark.usefixtures("trial_values")
def test_a_version_for_a_region_takes_company_figures_from_the_company(north: Region):
    adopt(changes={"orders.guarantee_days": 60})
    local = adopt(region_id=north.pk, changes={REPEAT_WINDOW: "10 d"})
    assert figures(local.pk) == {REPEAT_WINDOW: "10 d", "orders.guarantee_days": 60}
    with pytest.raises(Invalid) as refused:
        adopt(region_id=north.pk, in_force_from=LATER, changes={"orders.guarantee_days": 10})
    assert (refused.value.code, refused.value.params["keys"]) == ("regulation.company_figure", "orders.guarantee_days")


@pytest.mark.usefixtures("trial_values")
def test_a_missing_an_unknown_and_an_unreadable_figure_are_named(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(Invalid) as unknown:
        adopt(changes={"orders.colour": "red"})
    assert (unknown.value.code, unknown.value.params["keys"]) == ("regulation.figures_unknown", "orders.colour")
    with pytest.raises(Invalid) as wrong:
        adopt(changes={REPEAT_WINDOW: "soon", "orders.guarantee_days": -1})
    assert [each.params["key"] for each in wrong.value.errors] == ["orders.guarantee_days", REPEAT_WINDOW]
    nowhere = Value("orders.colour", IntegerKind(0, 1), scope=Scope.ORDER)
    monkeypatch.setattr("anxiu.kernel.values.REGISTRY", {"orders.colour": nowhere})
    with pytest.raises(Invalid) as missing:
        adopt()
    assert (missing.value.code, missing.value.params["keys"]) == ("regulation.figures_missing", "orders.colour")


def test_what_cannot_be_adopted_is_refused(north: Region):
    adopt()
    for code, more in {
        "regulation.moment_taken": {},
        "regulation.already_began": {"in_force_from": AT - timedelta(seconds=1)},
        "regulation.unknown_preset": {"preset_code": "nobody"},
        "kernel.not_found": {"region_id": north.pk + 1},
    }.items():
        with pytest.raises((Invalid, NotFound)) as refused:
            adopt(**more)
        assert refused.value.code == code


@pytest.mark.usefixtures("trial_values")
def test_an_amendment_is_a_new_version_with_the_same_clauses(manager: Actor):
    first = adopt(changes={"orders.guarantee_days": 60})
    second = amend_version(
        actor=manager, at=LATER, version_id=first.pk, in_force_from=LATER, changes={REPEAT_WINDOW: "45 d"}
    )
    assert figures(second.pk) == {REPEAT_WINDOW: "45 d", "orders.guarantee_days": 60}
    assert figures(first.pk)[REPEAT_WINDOW] == "30 d"
    assert (in_force(None, "", LATER), in_force(None, "", AT)) == (second, first)
    same = [dict(Clause.objects.filter(version=each).values_list("number", "text_zh")) for each in (first, second)]
    assert same[0] == same[1] != {}
    fact = EventRow.objects.get(kind="regulation.adopted", subject_id=second.pk)
    assert '"changed":["orders.repeat_window"]' in fact.body


@pytest.mark.usefixtures("trial_values")
def test_what_cannot_be_amended_is_refused(manager: Actor, engineer: Actor, north: Region):
    def amend(version: Version, changes: dict[str, object], actor: Actor = manager) -> Version:
        return amend_version(actor=actor, at=LATER, version_id=version.pk, in_force_from=LATER, changes=changes)

    first = adopt()
    local = adopt(region_id=north.pk)
    with pytest.raises(NotAllowed):
        amend(first, {REPEAT_WINDOW: "45 d"}, engineer)
    for code, version, changes in (
        ("regulation.nothing_changed", first, {REPEAT_WINDOW: "30 d"}),
        ("regulation.figure_wrong", first, {REPEAT_WINDOW: "soon"}),
        ("regulation.figures_unknown", first, {"orders.colour": 1}),
        ("regulation.company_figure", local, {"orders.guarantee_days": 7}),
        ("regulation.not_the_latest", Version.objects.get(code="default-1"), {REPEAT_WINDOW: "45 d"}),
    ):
        with pytest.raises((Invalid, Stale)) as refused:
            amend(version, changes)
        assert refused.value.code == code
    withdraw_version(actor=manager, at=LATER, version_id=local.pk)
    with pytest.raises(WrongState):
        amend(local, {REPEAT_WINDOW: "45 d"})


def test_withdrawing_gives_way_to_the_next_wider_version(north: Region, manager: Actor):
    for_all, local = adopt(), adopt(region_id=north.pk)
    withdraw_version(actor=manager, at=LATER, version_id=local.pk)
    assert in_force(north.pk, "repair", LATER) == for_all
    assert in_force(north.pk, "repair", LATER - timedelta(seconds=1)) == local
    assert EventRow.objects.filter(kind="regulation.withdrawn", subject_id=local.pk).count() == 1
    with pytest.raises(WrongState):
        withdraw_version(actor=manager, at=LATER, version_id=local.pk)


def test_the_last_regulation_for_everybody_is_not_withdrawn(manager: Actor):
    with pytest.raises(WrongState) as refused:
        withdraw_version(actor=manager, at=AT, version_id=in_force(None, "", AT).pk)
    assert refused.value.code == "regulation.last_one"


def test_an_engineer_does_not_withdraw_regulations(engineer: Actor):
    with pytest.raises(NotAllowed):
        withdraw_version(actor=engineer, at=AT, version_id=adopt().pk)


@pytest.mark.parametrize(
    "change",
    [
        "update regulation_version set name_zh = '改' where id = %s",
        "update regulation_version set state = 'draft' where id = %s",
        "update regulation_version set state = 'withdrawn', withdrawn_at = now(), code = 'x' where id = %s",
        "delete from regulation_version where id = %s",
        "update regulation_figure set raw = '1' where version_id = %s",
        "delete from regulation_figure where version_id = %s",
        "update regulation_clause set text_zh = '改' where version_id = %s",
        "delete from regulation_clause where version_id = %s",
        "insert into regulation_figure (version_id, key, raw, origin) values (%s, 'a.b', '1', 'ours')",
    ],
)
def test_a_version_in_force_cannot_be_changed_by_anybody(change: str):
    version = adopt()
    # Whatever apps are installed, there is a figure to try on.
    Figure.objects.create(version=version, key="x.y", raw=1, origin="ours", addendum_at=AT)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change, [version.pk])


def test_a_withdrawn_version_takes_addenda_and_nothing_else(manager: Actor):
    version = adopt()
    withdraw_version(actor=manager, at=LATER, version_id=version.pk)
    added = Figure.objects.create(version=version, key="x.y", raw=1, origin="ours", addendum_at=AT)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        Figure.objects.create(version=version, key="x.z", raw=1, origin="ours")
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        Figure.objects.filter(pk=added.pk).update(raw=2)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        added.delete()


def test_a_draft_may_still_be_changed_and_thrown_away():
    draft = Version.objects.create(code="draft", preset="default", name_zh="稿", name_en="Draft", created_at=AT)
    Figure.objects.create(version=draft, key="x.y", raw=1, origin="ours")
    Figure.objects.filter(version=draft).update(raw=2)
    draft.delete()
    assert not Figure.objects.filter(key="x.y").exists()


@pytest.mark.usefixtures("trial_values")
def test_a_new_value_of_a_release_comes_as_a_visible_addendum(manager: Actor):
    version = adopt()
    assert set(figures(version.pk)) == {"orders.repeat_window", "orders.guarantee_days"}
    values.reading(version.pk)
    new = Value("orders.duplicate_window", DurationKind(), scope=Scope.ORDER)
    assert new.key in values.REGISTRY
    install()
    install()
    added = Figure.objects.get(version=version, addendum_at__isnull=False)
    assert (added.key, added.origin, added.raw) == ("orders.duplicate_window", "ours", "24 h")
    assert values.reading(version.pk)(new) == timedelta(hours=24)
    facts = EventRow.objects.filter(kind="regulation.addendum_added", subject_id=version.pk)
    assert [fact.body for fact in facts] == ['{"code":"default-2","keys":["orders.duplicate_window"]}']
    clause = next(
        c for chapter in document(manager, version.pk, "en").chapters for c in chapter.clauses if c.number == "2.5"
    )
    assert "".join(said.text for said in clause.paragraphs[0]).startswith(
        "When a machine is reported again within 24 hours"
    )


def test_people_read_what_holds_for_them(north: Region, south: Region, manager: Actor, engineer: Actor):
    first = in_force(None, "", AT)
    ours, theirs = adopt(region_id=north.pk), adopt(region_id=south.pk)
    assert set(versions(manager)) == {first, ours, theirs}
    assert set(versions(engineer)) == {first, ours}
    with pytest.raises(NotFound):
        document(engineer, theirs.pk, "en")


def test_a_document_is_read_in_three_statements(manager: Actor):
    version = adopt()
    with CaptureQueriesContext(connection) as asked:
        text = document(manager, version.pk, "zh-hans")
    assert len(asked) == 3
    assert (text.clauses, text.figures) == (Clause.objects.filter(version=version).count(), len(REGISTRY))


def test_a_search_keeps_the_clauses_that_hold_the_words(manager: Actor):
    text = document(manager, adopt().pk, "en", search="escalates BY itself")
    hits = [
        said.text
        for chapter in text.chapters
        for clause in chapter.clauses
        for p in clause.paragraphs
        for said in p
        if said.found
    ]
    assert text.found == len(hits) == (1 if "sla.ladder" in REGISTRY else 0)
