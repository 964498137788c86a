"""`anxiu demo`: play the demo company into an empty database."""

import argparse
import time
from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anxiu.demo.company import logins, play, say
from anxiu.kernel.errors import Refusal
from anxiu.kernel.messages import explain


def main(argv: Sequence[str] | None = None) -> int:
    """Play, and say who may log in; 1 where there is data already."""
    argparse.ArgumentParser(prog="anxiu demo", description=__doc__).parse_args(argv)
    began = time.monotonic()
    try:
        orders = play()
    except Refusal as refusal:
        say(explain(refusal))
        return 1
    done = _("{orders} orders were played in {seconds} s. Who may log in:")
    say(done.format(orders=orders, seconds=round(time.monotonic() - began)))
    chinese = (get_language() or "").startswith("zh")
    for english, zh, email, password in logins():
        say(f"  {zh if chinese else english}: {email}  {password}")
    return 0
