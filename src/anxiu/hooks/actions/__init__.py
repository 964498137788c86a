"""The only way to change targets and deliveries."""

from anxiu.hooks.actions.delivering import claim, forget, settle, sweep
from anxiu.hooks.actions.queueing import queue, repeat_deliveries, repeat_delivery, send_test
from anxiu.hooks.actions.targets import (
    NewTarget,
    add_target,
    change_target,
    renew_secret,
    switch_target_off,
    switch_target_on,
)

__all__ = [
    "NewTarget", "add_target", "change_target", "claim", "forget", "queue", "renew_secret", "repeat_deliveries",
    "repeat_delivery", "send_test", "settle", "sweep", "switch_target_off", "switch_target_on",
]  # fmt: skip
