from datetime import date
from typing import Any

import pytest

from anxiu.catalogue.actions import change_family, retire_model
from anxiu.customers.actions import change_site
from anxiu.equipment import actions
from anxiu.equipment.actions import NewMachine
from anxiu.equipment.choices import CoverBasis
from anxiu.equipment.models import Machine
from anxiu.equipment.queries import actor_of_label, by_label, cover, find, machine, machines, past_orders
from anxiu.equipment.rules import Cover
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from anxiu.kernel.models import EventRow
from anxiu.kernel.sequencer import catch_up
from tests.given.assets import AT, Base, a_base, a_customer, a_family, a_machine, a_model, a_region, a_site, acting

pytestmark = pytest.mark.django_db


def arguments(verb: str, base: Base) -> dict[str, Any]:
    key = base.machine.pk
    return {
        "add_machine": {"new": NewMachine(base.machine.model_id, base.site.pk, serial="X-1")},
        "change_machine": {"machine_id": key, "changes": {"position": "2 号泵房"}},
        "move_machine": {"machine_id": key, "site_id": a_site(base.customer, "二号厂房").pk},
        "retire_machine": {"machine_id": key},
        "renew_label": {"machine_id": key},
    }[verb]


VERBS = [
    ("add_machine", "agent", "engineer"), ("change_machine", "agent", "warehouse"),
    ("move_machine", "agent", "dispatcher"), ("retire_machine", "supervisor", "agent"),
    ("renew_label", "supervisor", "agent"),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "allowed", "refused"), VERBS)
def test_each_verb_is_for_its_posts(verb: str, allowed: str, refused: str) -> None:
    base = a_base()
    given = arguments(verb, base)
    with pytest.raises(NotAllowed):
        getattr(actions, verb)(actor=acting(refused, base.region), at=AT, **given)
    getattr(actions, verb)(actor=acting(allowed, base.region), at=AT, **given)


@pytest.mark.parametrize("verb", [verb for verb, _, _ in VERBS if verb != "add_machine"])
def test_a_machine_of_another_region_is_not_there(verb: str) -> None:
    base = a_base()
    given = arguments(verb, base)
    with pytest.raises(NotFound):
        getattr(actions, verb)(actor=acting("supervisor", a_region()), at=AT, **given)


def test_a_machine_is_not_put_at_a_site_out_of_sight() -> None:
    base = a_base()
    with pytest.raises(Invalid, match=r"unknown_site"):
        actions.add_machine(actor=acting("agent", a_region()), at=AT, **arguments("add_machine", base))


def test_a_serial_belongs_to_one_machine_of_a_maker_however_it_is_written() -> None:
    base = a_base(serial="AT-2025-0031")
    same_maker, other_maker = a_model(maker="安泰"), a_model(maker="其他")
    with pytest.raises(Invalid, match=r"serial_taken"):
        a_machine(base.site, same_maker, serial="at 2025/0031")
    assert a_machine(base.site, other_maker, serial="AT20250031").serial_key == base.machine.serial_key
    assert [a_machine(base.site, same_maker).serial for _ in range(2)] == ["", ""]


def test_no_machine_is_made_of_a_closed_model() -> None:
    base = a_base()
    retire_model(actor=SYSTEM, at=AT, model_id=base.machine.model_id)
    with pytest.raises(Invalid, match=r"unknown_model"):
        a_machine(base.site, base.machine.model)


@pytest.mark.requirement("AST-01")
def test_machines_form_a_tree_at_one_site_and_move_together() -> None:
    base = a_base()
    pump = a_machine(base.site, parent_id=base.machine.pk, name="水泵")
    seal = a_machine(base.site, parent_id=pump.pk, name="机械密封")
    elsewhere = a_site(a_customer(a_region(), "另一家公司"))
    with pytest.raises(Invalid, match=r"parent_loop"):
        actions.change_machine(actor=SYSTEM, at=AT, machine_id=base.machine.pk, changes={"parent_id": seal.pk})
    with pytest.raises(Invalid, match=r"parent_elsewhere"):
        a_machine(elsewhere, parent_id=pump.pk)
    with pytest.raises(WrongState, match=r"has_children"):
        actions.retire_machine(actor=SYSTEM, at=AT, machine_id=pump.pk)
    actions.move_machine(actor=SYSTEM, at=AT, machine_id=pump.pk, site_id=elsewhere.pk)
    rows = {each.pk: each for each in Machine.objects.all()}
    assert (rows[pump.pk].parent_id, rows[pump.pk].customer_id) == (None, elsewhere.customer_id)
    assert (rows[seal.pk].parent_id, rows[seal.pk].region_id) == (pump.pk, elsewhere.region_id)
    assert rows[base.machine.pk].site_id == base.site.pk
    assert EventRow.objects.filter(kind="equipment.machine_moved").count() == 2


def test_a_machine_follows_the_region_of_its_site() -> None:
    base, other = a_base(), a_region()
    change_site(actor=SYSTEM, at=AT, site_id=base.site.pk, changes={"region_id": other.pk})
    catch_up()
    assert list(machines(acting("agent", other))) == [base.machine]


@pytest.mark.requirement("AST-02")
def test_the_warranty_follows_family_and_installation_and_yields_to_an_agreement() -> None:
    base = a_base(installed_on=date(2025, 6, 1))
    day = date(2026, 6, 1)

    def now() -> Cover:
        return cover(machine(SYSTEM, base.machine.uid), day)

    assert now() == Cover(True, date(2026, 6, 1), CoverBasis.INSTALLATION)
    change_family(actor=SYSTEM, at=AT, family_id=base.machine.model.family_id, changes={"warranty_months": 6})
    assert now() == Cover(False, date(2025, 12, 1), CoverBasis.INSTALLATION)
    agreed = date(2027, 1, 31)
    actions.change_machine(actor=SYSTEM, at=AT, machine_id=base.machine.pk, changes={"warranty_until": agreed})
    assert now() == Cover(True, agreed, CoverBasis.AGREED)


def test_a_label_opens_its_machine_alone_until_it_is_renewed() -> None:
    base = a_base()
    a_machine(base.site)
    found = by_label(f" {base.machine.label_code.lower()} ")
    assert found == base.machine
    actor = actor_of_label(found)
    assert list(machines(actor)) == [base.machine]
    assert not past_orders(actor, found).exists()
    assert actor.permissions == frozenset({"orders.open_order"})
    old = base.machine.label_code
    new = actions.renew_label(actor=SYSTEM, at=AT, machine_id=base.machine.pk).label_code
    with pytest.raises(NotFound, match=r"label_unknown"):
        by_label(old)
    assert by_label(new) == base.machine


def test_a_closed_machine_keeps_its_page_and_loses_its_label() -> None:
    base = a_base()
    actions.retire_machine(actor=SYSTEM, at=AT, machine_id=base.machine.pk)
    assert machine(SYSTEM, base.machine.uid).retired_at == AT
    with pytest.raises(NotFound):
        by_label(base.machine.label_code)
    with pytest.raises(WrongState):
        actions.change_machine(actor=SYSTEM, at=AT, machine_id=base.machine.pk, changes={"name": "x"})


def test_machines_are_found_by_serial_name_position_model_and_customer() -> None:
    base = a_base(serial="AT-2025-0031", name="循环水泵", position="2 号泵房")
    a_machine(base.site, a_model(a_family()), serial="ZZ-1")
    base.customer.refresh_from_db()
    for text in ("2025-00", "at20250031", "循环水泵", "xhsb", "泵房", base.machine.model.code, base.machine.label_code):
        assert list(find(SYSTEM, text)) == [base.machine], text
    assert find(SYSTEM, "华东机电").count() == 2
    assert list(find(acting("agent", a_region()), "2025-00")) == []
