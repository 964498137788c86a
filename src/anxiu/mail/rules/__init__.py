"""Pure decisions about mail: whose answer it is, what of it is new, and what is not read by people."""

from anxiu.mail.rules.automatic import Headers, why_automatic
from anxiu.mail.rules.places import may_connect
from anxiu.mail.rules.quoting import Split, split
from anxiu.mail.rules.threads import Token, answered_subject, order_numbers, token_of, tokens_in

__all__ = [
    "Headers", "Split", "Token", "answered_subject", "may_connect", "order_numbers", "split", "token_of", "tokens_in",
    "why_automatic",
]  # fmt: skip
