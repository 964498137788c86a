"""The app of figures."""

from django.apps import AppConfig


class KpiConfig(AppConfig):
    """Facts and indicators."""

    name = "anxiu.kpi"

    def ready(self) -> None:
        """Let the projector be known, and what is measured, so that clauses may be held by it."""
        from django.utils.translation import override

        from anxiu.kernel.values import Words
        from anxiu.kpi import subscribers  # noqa: F401
        from anxiu.kpi.messages import MEANINGS
        from anxiu.regulation.rules.controls import indicator

        def named(code: str, language: str) -> str:
            with override(language):
                return str(MEANINGS[code].name)

        for code in MEANINGS:
            indicator(code, Words(named(code, "zh-hans"), named(code, "en")))
