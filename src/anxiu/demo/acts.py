"""The engineer's part of an order of the demo company, and the customer's signature."""

from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from random import Random

from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.queries import actor_of_link, link_by_secret
from anxiu.demo.pictures import ARCHIVED, of_the_archive, photo, signature
from anxiu.demo.plans import Twist
from anxiu.demo.stage import Case
from anxiu.kernel.actor import Actor
from anxiu.kernel.geo import Place
from anxiu.orders import actions
from anxiu.orders.actions import NewEntry, NewPlan, Signing
from anxiu.orders.choices import EntryKind, SignOffMeans, State
from anxiu.orders.queries import document_to_sign, items_at, process_of
from anxiu.orders.queries import order as one_order
from anxiu.regulation.choices import OrderType


def accept(case: Case) -> None:
    """The engineer takes it."""
    actions.accept_visit(actor=case.hands, at=case.at, order_uid=case.order.uid)


def decline(case: Case) -> None:
    """The engineer does not."""
    actions.decline_visit(
        actor=case.hands, at=case.at, order_uid=case.order.uid, reason="time_clash", note="上一单未结束"
    )


def prepare(case: Case) -> None:
    """Tools and parts, where the process asks for it."""
    if not process_of(case.order).has(State.PREPARING):
        return
    items = items_at(case.order, State.PREPARING)
    checked = tuple(each.code for each in items if each.mandatory or case.stage.dice.random() < 0.5)
    actions.prepare(actor=case.hands, at=case.at, order_uid=case.order.uid, checked=checked)


def depart(case: Case) -> None:
    """On the way."""
    actions.depart(actor=case.hands, at=case.at, order_uid=case.order.uid)


def arrive(case: Case) -> None:
    """On site: by a fix, the machine's label, or now and then by word only; where it goes wrong, from far off."""
    machine, dice = case.plan.machine, case.stage.dice
    far, chance = case.plan.has(Twist.REFUSED), dice.random()
    place, label = None, ""
    if far or chance > 0.35:
        there = machine.site.place
        assert there is not None
        off = 0.02 if far else dice.uniform(-0.0008, 0.0008)
        place = Place(there.latitude + off, there.longitude, dice.randint(8, 60), "gps")
    elif chance > 0.05:
        label = machine.label_code
    actions.arrive(actor=case.hands, at=case.at, order_uid=case.order.uid, place=place, label_code=label)


def assess(case: Case) -> None:
    """What is wrong."""
    repairs = case.plan.kind is OrderType.REPAIR
    finding = f"现场检查：{case.plan.fault.cause}" if repairs else "现场条件具备，可以开始"
    plan = NewPlan("更换主机总成并吊装", Decimal(26000), ("heavy_lifting",)) if case.plan.has(Twist.COSTLY) else None
    _tick(case, State.ON_SITE)
    actions.assess(actor=case.hands, at=case.at, order_uid=case.order.uid, finding=finding, plan=plan)


def _tick(case: Case, state: State) -> None:
    """The checklists of the step."""
    if checked := tuple(each.code for each in items_at(case.order, state)):
        actions.check_items(actor=case.hands, at=case.at, order_uid=case.order.uid, checked=checked)


def suspend(case: Case) -> None:
    """A special part has to come, or the site is not ready."""
    waits_for_site = case.plan.has(Twist.PAUSED)
    reason, note = ("site_not_ready", "等待物业断电") if waits_for_site else ("parts_on_order", "专用件由厂家发货")
    until = case.at + timedelta(hours=6 if waits_for_site else 72)
    actions.suspend(actor=case.hands, at=case.at, order_uid=case.order.uid, reason=reason, until=until, note=note)


def resume(case: Case) -> None:
    """Work goes on."""
    actions.resume(actor=case.hands, at=case.at, order_uid=case.order.uid)


def work(case: Case) -> None:
    """Photos, a reading, a part, labour time."""
    plan, dice = case.plan, case.stage.dice
    part = case.stage.base.parts[plan.line.code][plan.fault.part]
    entries = [
        NewEntry(
            EntryKind.PHOTO, text=label,
            photo=of_the_archive(plan.line.code, case.order.pk % ARCHIVED, mended=mended)
            if plan.is_early
            else photo(plan.line.code, Random(case.order.number), mended=mended),
        )
        for label, mended in (("维修前", False), ("维修后", True))
    ]  # fmt: skip
    is_training = plan.kind is OrderType.TRAINING
    entries.append(
        NewEntry(EntryKind.READING, text="运行电流", value=Decimal(dice.randint(12, 240)) / 10, unit="A")
    )
    if not plan.has(Twist.REFUSED) and not is_training:
        entries.append(NewEntry(EntryKind.PART, part_id=part.pk, value=Decimal(1), unit=part.unit))
    entries.append(NewEntry(EntryKind.LABOUR, minutes=dice.choice((40, 55, 70, 90, 120))))
    for entry in entries:
        actions.add_entry(actor=case.hands, at=case.at, order_uid=case.order.uid, entry=entry)


def complete(case: Case) -> None:
    """Finished, or given up for today."""
    failed, fault = case.plan.has(Twist.REFUSED), case.plan.fault
    cause = fault.cause if case.plan.kind is OrderType.REPAIR else "设备状态正常"
    _tick(case, State.REPAIRING)
    solution = "临时处理，异常仍在，待厂家会诊" if failed else fault.solution
    if case.plan.kind is not OrderType.REPAIR:
        solution = "按清单逐项完成，试运行正常"
    actions.complete_repair(
        actor=case.hands, at=case.at, order_uid=case.order.uid, resolved=not failed, cause=cause,
        solution=solution,
    )  # fmt: skip


def sign(case: Case) -> None:
    """The customer signs on the engineer's screen or by link, or does not sign."""
    plan, hands = case.plan, case.hands
    row = one_order(hands, case.order.uid)
    digest = sha256(document_to_sign(row).encode()).hexdigest()
    if plan.has(Twist.REFUSED, Twist.DISPUTED):
        reason, remarks = ("not_repaired", "噪音仍在，要求再查")
        if plan.has(Twist.DISPUTED):
            reason, remarks = ("no_authority", "负责人不在现场")
        signing = Signing(SignOffMeans.SCREEN, digest, remarks=remarks)
        actions.refuse_sign_off(actor=hands, at=case.at, order_uid=row.uid, signing=signing, reason=reason)
        return
    signer, means = hands, SignOffMeans.SCREEN
    if plan.has(Twist.BY_LINK, Twist.REMOTE):
        signer, means = _by_link(case), SignOffMeans.LINK
    signing = Signing(means, digest, signer=plan.contact.name)
    actions.sign_off(
        actor=signer, at=case.at, order_uid=row.uid, signing=signing, signature=signature(case.stage.dice)
    )


def _by_link(case: Case) -> Actor:
    secret = actions.send_link(actor=case.hands, at=case.at, order_uid=case.order.uid, purpose=LinkPurpose.SIGN)
    return actor_of_link(link_by_secret(secret, LinkPurpose.SIGN, case.at))
