"""Which promises a text makes to a customer, by the words the regulation knows them by."""

from collections.abc import Iterable, Sequence

from anxiu.orders.values import PromiseWords


def promised(texts: Iterable[str], listed: Sequence[PromiseWords], *, is_free: bool) -> tuple[PromiseWords, ...]:
    """The listed promises that are made in these texts, whatever the case of their letters.

    On an order that is free anyway, what may be said of a free one is no promise.
    """
    said = "\n".join(texts).casefold()
    return tuple(
        each
        for each in listed
        if not (is_free and each.unless_free) and any(word.casefold() in said for word in each.keywords)
    )
