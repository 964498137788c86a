"""Jobs of the orders app: following up what was asked of reporters."""

from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.jobs import periodic
from anxiu.kernel.time import now
from anxiu.orders.actions import chase_reply
from anxiu.orders.queries import asked_back


def chase_replies(timestamp: int) -> int:
    """Once a minute: remind reporters, and go on where no answer came."""
    waiting = asked_back(now())
    for uid in waiting:
        chase_reply(actor=SYSTEM, at=now(), order_uid=uid)
    return len(waiting)


periodic("* * * * *", "orders.chase_replies")(chase_replies)
