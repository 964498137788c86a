"""The processes of the published regulations run as published."""

from datetime import timedelta

import pytest

from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import GateShut, Invalid
from anxiu.kernel.time import moved_to
from anxiu.orders.actions import NewPlan
from anxiu.orders.choices import EntryKind, State
from anxiu.orders.queries import items_at, process_of
from anxiu.regulation.actions import adopt_preset
from tests.given.orders import MONDAY, a_company
from tests.orders.test_process import VISIT, work

pytestmark = pytest.mark.django_db
STEPS = {
    "r1": ["accept", "prepare", "arrive", "repair", "sign_off", "follow_up", "archive"],
    "r2": ["accept", "prepare", "arrive", "repair", "sign_off", "follow_up", "archive"],
    "r3": ["accept", "respond", "approve", "carry_out", "confirm", "rate"],
    "r4": ["intake", "diagnosis", "execution", "acceptance", "summary"],
    "r5": ["accept", "diagnose", "repair", "report"],
}


def working(code):
    company, before = a_company(), MONDAY - timedelta(days=1)
    with moved_to(before):
        adopt_preset(actor=SYSTEM, at=before, preset_code=code, in_force_from=before, despite=True)
    return work(company)


@pytest.mark.requirement("ORD-01", "ORD-02", "ORD-20")
@pytest.mark.parametrize("code", sorted(STEPS))
def test_a_repair_runs_as_the_publication_says(code):
    worker = working(code)
    assert [each.code for each in process_of(worker.order).steps] == STEPS[code]
    worker.plan = NewPlan("更换皮带") if code == "r3" else None
    verbs = worker.to("archive")
    expected = [*VISIT, "follow_up", "archive"]
    if code == "r3":  # every plan is approved, whatever it costs
        expected.insert(expected.index("complete_repair"), "approve_plan")
    assert verbs == expected
    assert worker.order.state == State.ARCHIVED


@pytest.mark.requirement("ORD-06")
def test_r3_has_nothing_carried_out_without_an_approved_plan():
    worker = working("r3")
    worker.to("arrive")
    with pytest.raises(Invalid) as refused:
        worker.do("assess", worker.hands, finding="皮带断裂")
    assert refused.value.code == "orders.plan_missing"


@pytest.mark.requirement("ORD-08")
def test_r2_takes_photos_or_video_for_the_evidence():
    worker = working("r2")
    worker.to("assess")
    ends = process_of(worker.order).left_by("complete_repair")
    assert ends.evidence[0].kinds == (EntryKind.PHOTO, EntryKind.VIDEO)


@pytest.mark.requirement("ORD-02", "ORD-09")
def test_r4_has_its_key_nodes_its_signature_and_its_summary_as_gates():
    worker = working("r4")
    worker.to("accept_visit")
    checked = tuple(each.code for each in items_at(worker.order, State.PREPARING) if each.code != "key_parts")
    with pytest.raises(GateShut) as shut:
        worker.do("prepare", worker.hands, checked=checked)
    assert [str(each.params["item"]) for each in shut.value.missing] == ["关键节点：备件到位"]
    worker.to("sign_off")
    gates = {each.code: [gate.value for gate in each.gates] for each in process_of(worker.order).steps if each.gates}
    assert gates == {
        "acceptance": ["signed"], "summary": ["summary_written", "report_issued", "no_open_questions"],
    }  # fmt: skip


@pytest.mark.requirement("ORD-22")
def test_r5_has_a_word_with_the_customer_before_leaving():
    worker = working("r5")
    worker.to("prepare")
    with pytest.raises(GateShut) as shut:
        worker.do("depart", worker.hands)
    assert [each.code for each in shut.value.missing] == ["orders.not_contacted"]
