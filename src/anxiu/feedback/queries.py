"""Reading ratings."""

from django.db.models import Avg, Count, F, FloatField, QuerySet

from anxiu.feedback.models import Rating
from anxiu.feedback.values import SCALE, TAGS, RatingTag
from anxiu.kernel.actor import Actor
from anxiu.kernel.values import reading
from anxiu.orders.choices import State
from anxiu.orders.models import Order
from anxiu.orders.queries import visible

RATEABLE = frozenset({State.FOLLOWING_UP, State.CLOSING, State.ARCHIVED})


def ratings(actor: Actor) -> QuerySet[Rating]:
    """The ratings of orders the actor may see."""
    return Rating.objects.filter(order__in=visible(actor)).select_related("order")


def rating_of(order: Order) -> Rating | None:
    """The rating of an order in hand, if it has one."""
    return Rating.objects.filter(order=order).first()


def is_rateable(order: Order) -> bool:
    """Whether the work is signed off, so that there is something to rate."""
    return order.state in RATEABLE


def scale_of(order: Order) -> int:
    """The best score under the order's regulation."""
    return reading(order.version_id)(SCALE)


def tags_of(order: Order) -> tuple[RatingTag, ...]:
    """The phrases a customer may tick under the order's regulation."""
    return reading(order.version_id)(TAGS)


def standing_of(engineer_id: int) -> tuple[float, int]:
    """An engineer's mean score as a share of the best one, and of how many ratings; one statement."""
    found = Rating.objects.filter(order__engineer_id=engineer_id).aggregate(
        share=Avg(F("score") * 1.0 / F("scale"), output_field=FloatField()), number=Count("id")
    )
    return found["share"] or 0.0, found["number"]
