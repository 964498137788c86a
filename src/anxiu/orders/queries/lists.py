"""Reading orders: whose they are to see, lists by keyset, and what stands around one order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from anxiu.accounts.choices import PostCode, Reach
from anxiu.accounts.models import Holding, Person
from anxiu.accounts.queries import allowed, posts_of_each
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor, ActorKind, Subject
from anxiu.kernel.errors import NotFound
from anxiu.kernel.money import Money
from anxiu.kernel.prepared import Prepared
from anxiu.kernel.values import reading
from anxiu.orders.choices import ABOUT_FAULTS, AFTER_SIGNING, BEFORE_WORK, ON_THE_JOB, State, VisitState
from anxiu.orders.models import Guarantee, Inquiry, Order, SignOff, Visit
from anxiu.orders.rules import Claim, Earlier, authority
from anxiu.orders.values import APPROVAL_LIMITS
from anxiu.workforce.models import Engineer
from anxiu.workforce.queries import zone_of

VIEW = view(
    "orders.view",
    posts={"agent", "dispatcher", "engineer", "supervisor", "finance", "management", "partner", "administrator"},
)
VIEW_PHONE = view(
    "orders.view_phone", posts={"agent", "dispatcher", "engineer", "supervisor", "partner", "administrator"}
)
ANY: Final = Exists(Order.objects.all())  # asked of every person who opens a page, in the statement that finds them
AROUND = ("region", "customer", "site", "contact", "machine__model__family", "fault_class", "owner", "engineer__person")


def visible(actor: Actor) -> QuerySet[Order]:
    """The orders an actor may see: of their regions, or that name them as owner or engineer; a link's one order."""
    rows = Order.objects.all()
    if actor.kind is ActorKind.LINK:
        subject = actor.subject
        return rows.filter(pk=subject.id) if subject and subject.kind == "order" else rows.none()
    if not actor.may(VIEW):
        return rows.none()
    if actor.regions is None:
        return rows
    if actor.person_id is None:
        return rows.filter(region_id__in=actor.regions)
    return rows.filter(Q(region_id__in=actor.regions) | named(actor.person_id))


def named(person_id: int) -> Q:
    """Orders that name somebody as owner or engineer, wherever they are."""
    # Not joined: with a join the planner cannot tell how few rows it will find, and reads far too many.
    themselves = Subquery(Engineer.objects.filter(person_id=person_id).values("pk")[:1])
    return Q(engineer_id=themselves) | Q(owner_id=person_id)


def sees(actor: Actor, row: Order) -> bool:
    """Whether `visible` lists this row, which has its engineer at hand."""
    if actor.kind is ActorKind.LINK:
        return actor.subject == Subject("order", row.pk)
    if not actor.may(VIEW):
        return False
    if actor.sees_region(row.region_id):
        return True
    named = {row.owner_id, row.engineer.person_id if row.engineer else None}
    return actor.person_id is not None and actor.person_id in named


_ORDER: Final = Prepared[Order](
    lambda uid: Order.objects.select_related(*AROUND, "request", "guarantee").filter(uid=uid)
)


def order(actor: Actor, uid: UUID) -> Order:
    """One order with what stands around it, in one statement; refused as not found when it is not the actor's."""
    found = _ORDER.first(uid)
    if found is None or not sees(actor, found):
        raise NotFound("kernel.not_found")
    return found


def filtered(
    rows: QuerySet[Order], *, states: Sequence[State] = (), severity: str = "", region: str = "", order_type: str = "",
    owner_id: int | None = None, engineer_id: int | None = None, breached: bool = False,
    out_of_hours: bool = False,
) -> QuerySet[Order]:  # fmt: skip
    """Narrow a list; every argument left out narrows nothing."""
    if states:
        rows = rows.filter(state__in=states)
    if order_type:
        rows = rows.filter(order_type=order_type)
    if severity:
        rows = rows.filter(severity=severity)
    if region:
        rows = rows.filter(region__code=region)
    if owner_id:
        rows = rows.filter(owner_id=owner_id)
    if engineer_id:
        rows = rows.filter(engineer_id=engineer_id)
    if out_of_hours:
        rows = rows.filter(out_of_hours=True)
    if breached:
        rows = rows.filter(breached=True)
    return rows


TO_SIGN: Final = "to_sign"
# Corrected after the customer's word: it is to be had again, wherever the order stands by then.
_CORRECTED: Final = Q(state__in=sorted(AFTER_SIGNING), sign_off=None) & Exists(
    SignOff.objects.filter(order=OuterRef("pk"))
)


def to_be_signed(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Orders whose customer's word is still to come, for the first time or again."""
    return rows.filter(Q(state=State.SIGNING) | _CORRECTED)


def counts(rows: QuerySet[Order]) -> dict[str, int]:
    """How many open orders stand in each state, and under `to_sign` how many wait for a signature; one statement."""
    again = Case(When(_CORRECTED, then=Value(1)), default=Value(0), output_field=IntegerField())
    kinds = rows.filter(ended_at=None).order_by().annotate(again=again).values_list("state", "again")
    found: dict[str, int] = {}
    for state, is_again, number in kinds.annotate(Count("id")):
        found[str(state)] = found.get(str(state), 0) + number
        if is_again or state == State.SIGNING:
            found[TO_SIGN] = found.get(TO_SIGN, 0) + number
    return found


def completed_on(rows: QuerySet[Order], day: date) -> QuerySet[Order]:
    """The orders whose work was completed on a day of the reader's time zone, whatever became of them since."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return rows.filter(completed_at__gte=start, completed_at__lt=end)


def next_to_break(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Open orders by their next deadline, the nearest first; an ended order has none."""
    return rows.filter(next_due_at__isnull=False).order_by("next_due_at", "id")


def earlier(machine_id: int, since: datetime) -> list[Earlier]:
    """Completed orders of a machine since an instant, for finding repeats."""
    rows = Order.objects.filter(machine_id=machine_id, completed_at__gte=since).exclude(state=State.CANCELLED)
    return [
        Earlier(key, fault, completed)
        for key, fault, completed in rows.values_list("id", "fault_class_id", "completed_at")
        if completed
    ]


def claims(machine_id: int, on: Any) -> list[Claim]:
    """Guarantees of a machine that still run on a day."""
    rows = Guarantee.objects.filter(machine_id=machine_id, until_date__gte=on)
    return [Claim(*row) for row in rows.values_list("id", "order_id", "fault_class_id", "until_date")]


def guarantee_of_part(order: Order, part_id: int) -> Guarantee | None:
    """The guarantee on a part of the order's machine that ran when the order was opened; the one that runs longest."""
    opened = order.opened_at.astimezone(zone_of(order.region)).date()
    rows = Guarantee.objects.filter(machine=order.machine_id, until_date__gte=opened, part_ids__contains=[part_id])
    return rows.exclude(order=order).order_by("until_date").last()


def possible_duplicates(
    actor: Actor, since: datetime, *, machine_id: int | None, customer_id: int | None
) -> QuerySet[Order]:
    """Open orders of the same machine, or of the same customer without a machine, opened since an instant."""
    rows = visible(actor).filter(ended_at=None, opened_at__gte=since)
    if machine_id:
        return rows.filter(machine_id=machine_id)
    return rows.filter(customer_id=customer_id, machine=None) if customer_id else rows.none()


def may_merge_into(actor: Actor, row: Order) -> QuerySet[Order]:
    """The orders that an order may be merged into: the customer's earlier ones whose work is not complete."""
    rows = visible(actor).filter(customer=row.customer_id, region=row.region_id).exclude(pk=row.pk)
    if row.customer_id is None:
        return rows.none()
    if row.machine_id:
        rows = rows.filter(Q(machine=row.machine_id) | Q(machine=None))
    kinds = ABOUT_FAULTS if row.order_type in ABOUT_FAULTS else {row.order_type}
    open_ones = rows.filter(state__in=sorted(BEFORE_WORK | ON_THE_JOB), order_type__in=sorted(kinds))
    return open_ones.filter(opened_at__lte=row.opened_at).order_by("-opened_at", "-pk")


def asked_back(at: datetime) -> list[UUID]:
    """The orders whose open question to the reporter may have something to do about it; one statement."""
    open_ones = Inquiry.objects.filter(answered_at=None, missed_at=None).order_by("until")
    due = open_ones.filter(Q(until__lte=at) | Q(reminded_at=None))
    return list(due.values_list("order__uid", flat=True))


def surviving(row: Order) -> Order:
    """The order that goes on with a merged one; itself where it was not merged. One statement for each merger."""
    while row.merged_into_id is not None:
        row = Order.objects.select_related(*AROUND, "request", "sign_off", "guarantee").get(pk=row.merged_into_id)
    return row


def may_take_over(order: Order) -> QuerySet[Person]:
    """Whom its owner may ask to take an order over, by name: all others who may own orders of its region."""
    return allowed("orders.accept_hand_over", order.region_id).exclude(pk=order.owner_id)


def approvers(order: Order, cost: Money) -> list[Person]:
    """Who may approve the order's plan of this cost, by name: who may approve at all, with a post that covers it.

    Neither who planned it nor the engineer; the same statements however many people there are.
    """
    limits, unit = reading(order.version_id)(APPROVAL_LIMITS), Money.of("1")
    may = list(allowed("orders.approve_plan", order.region_id))
    own = {order.engineer.person_id if order.engineer else None, order.plan.planned_by_id if order.plan else None}
    posts = posts_of_each([each.pk for each in may], order.region_id)
    return [each for each in may if each.pk not in own and authority(posts[each.pk], limits, unit).covers(cost)]


@dataclass(frozen=True, slots=True)
class Coming:
    """A visit of a day: when it begins, and its order."""

    starts_at: datetime
    order_uid: UUID
    number: str


def _visits_between(actor: Actor, engineers: Sequence[int], since: datetime, until: datetime) -> QuerySet[Visit]:
    rows = Visit.objects.filter(engineer__in=engineers, starts_at__lt=until, ends_at__gt=since)
    rows = rows.exclude(state__in=[VisitState.DECLINED, VisitState.RELEASED])
    return rows.filter(order__in=visible(actor)).order_by()


def visits_of_day(
    actor: Actor, engineers: Sequence[int], since: datetime, until: datetime
) -> dict[int, list[Coming]]:
    """Visits of engineers that touch a day and were neither declined nor moved, of orders the actor sees; in order."""
    rows = _visits_between(actor, engineers, since, until).order_by("starts_at", "id")
    found: dict[int, list[Coming]] = {}
    for engineer, starts_at, uid, number in rows.values_list("engineer_id", "starts_at", "order__uid", "order__number"):
        found.setdefault(engineer, []).append(Coming(starts_at, uid, number))
    return found


def visits_counted(actor: Actor, engineers: Sequence[int], since: datetime, until: datetime) -> int:
    """How many they are."""
    return _visits_between(actor, engineers, since, until).count()


def plan_orders(actor: Actor, plans: Sequence[int]) -> dict[int, tuple[UUID | None, str]]:
    """The order of each plan by uid and number, as far as the actor sees it; one statement."""
    if not plans:
        return {}
    rows = visible(actor).filter(plans__in=plans).values_list("plans", "uid", "number")
    return {plan: (uid, number) for plan, uid, number in rows}


def least_loaded_owner(region_id: int) -> Person | None:
    """Who takes a request that came by itself: an agent of the region, else a supervisor, dispatcher, administrator.

    Of several the one with the fewest open orders; one statement. None when nobody holds any of these posts.
    """
    ranks = [PostCode.AGENT, PostCode.SUPERVISOR, PostCode.DISPATCHER, PostCode.ADMINISTRATOR]
    held = Q(region_id=region_id) | Q(region=None, person__region_id=region_id) | Q(post__reach=Reach.COMPANY)
    load = (
        Order.objects.filter(owner_id=OuterRef("person_id"), ended_at=None)
        .order_by().values("owner_id").annotate(number=Count("id")).values("number")
    )  # fmt: skip
    holdings = (
        Holding.objects.filter(held, post__code__in=ranks, person__is_active=True)
        .annotate(load=Coalesce(Subquery(load), 0))
        .select_related("person", "post")
    )
    best = min(
        holdings, key=lambda each: (ranks.index(PostCode(each.post.code)), each.load, each.person_id), default=None
    )
    return best.person if best else None
