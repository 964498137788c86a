"""`{% translate %}` of words that are written in the template: each language's answer is looked up once.

A listing asks for the same dozen words in every row. Catalogues do not change while a process runs, so what a constant
is in a language stays what it is. Whatever is not a plain constant is left to Django.
"""

from django.template import Context, Node
from django.template.base import Parser, Token
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language


class Remembered(Node):
    """A constant text, by language."""

    child_nodelists = ()

    def __init__(self, node: TranslateNode) -> None:
        self.node = node
        self.known: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """The words in the language of this request."""
        language = get_language()
        if language not in self.known:
            self.known[language] = self.node.render(context)
        return self.known[language]


def translate(parser: Parser, token: Token) -> Node:
    """Django's tag, remembered where nothing but the language decides what it says."""
    node = do_translate(parser, token)
    said = node.filter_expression
    is_constant = getattr(said.var, "literal", None) is not None and not said.filters
    return Remembered(node) if is_constant and not node.asvar and not node.message_context else node
