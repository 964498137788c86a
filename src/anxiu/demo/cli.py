"""`anxiu demo`: play the demo company into an empty database, and grow it to any number of orders to measure on."""

import argparse
import os
import time
from collections.abc import Sequence

from django.conf import settings
from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anxiu.demo.company import has_data, logins, play, say
from anxiu.kernel.errors import Invalid, Refusal
from anxiu.kernel.messages import explain


def main(argv: Sequence[str] | None = None) -> int:
    """Play, copy if that was asked for, and say who may log in; 1 where that cannot be."""
    chosen = _parser().parse_args(argv)
    if chosen.bulk != (chosen.orders is not None):
        _parser().error("--orders N and --bulk go together")
    try:
        if not (chosen.bulk and has_data()):
            _play()
        if chosen.bulk:
            _grow(chosen.orders)
    except Refusal as refusal:
        say(explain(refusal))
        return 1
    say(_("Who may log in:"))
    chinese = (get_language() or "").startswith("zh")
    for english, zh, email, password in logins():
        say(f"  {zh if chinese else english}: {email}  {password}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anxiu demo", description=__doc__)
    parser.add_argument("--orders", type=int, metavar="N", help="how many orders there are to be")
    parser.add_argument(
        "--bulk", action="store_true",
        help="copy what was played inside the database until there are so many: for measuring, not for working in",
    )  # fmt: skip
    return parser


def _play() -> None:
    began = time.monotonic()
    orders = play()
    done = _("{orders} orders were played in {seconds} s.")
    say(done.format(orders=orders, seconds=round(time.monotonic() - began)))


def _grow(wanted: int) -> None:
    from anxiu.demo.bulk.filling import fill

    if not logins():
        raise Invalid("demo.no_demo")
    began = time.monotonic()
    address = os.environ.get("DATABASE_ADMIN_URL") or os.environ["DATABASE_OWNER_URL"]
    there = fill(address, str(connection.settings_dict["NAME"]), wanted, settings.TIME_ZONE, say)
    done = _("There are {orders} orders now, after {seconds} s.")
    say(done.format(orders=there, seconds=round(time.monotonic() - began)))
