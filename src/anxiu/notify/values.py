"""What the regulation says about notices."""

from typing import Final

from anxiu.kernel.values import DurationKind, Scope, Value

TOO_OLD: Final = Value("notify.too_old", DurationKind(), scope=Scope.COMPANY)
GATHER: Final = Value("notify.gather", DurationKind(), scope=Scope.COMPANY)
REPORT_LINK_LIFE: Final = Value("notify.report_link_life", DurationKind(), scope=Scope.COMPANY)
