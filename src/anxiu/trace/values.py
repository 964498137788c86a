"""What the regulation says about the traces that are kept."""

from typing import Final

from anxiu.kernel.values import DurationKind, Scope, Value

REFUSED_KEPT: Final = Value("trace.refused_kept", DurationKind(), scope=Scope.COMPANY)
