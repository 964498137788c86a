"""`anxiu demo`: play the demo company into an empty database."""

import argparse
import time
from collections.abc import Sequence

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
    say(f"{orders} orders in {time.monotonic() - began:.0f} s")
    for role, email, password in logins():
        say(f"{role:14} {email:36} {password}")
    return 0
