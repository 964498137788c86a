"""What the regulation says about notices."""

from typing import Final

from anxiu.kernel.values import DurationKind, IntegerKind, Scope, Value

TOO_OLD: Final = Value("notify.too_old", DurationKind(), scope=Scope.COMPANY)
GATHER: Final = Value("notify.gather", DurationKind(), scope=Scope.COMPANY)
REPORT_LINK_LIFE: Final = Value("notify.report_link_life", DurationKind(), scope=Scope.COMPANY)
FALL_BACK_AFTER: Final = Value("notify.fall_back_after", DurationKind(), scope=Scope.COMPANY)
SMS_PER_PERSON: Final = Value("notify.sms_per_person", IntegerKind(0, 100), scope=Scope.COMPANY)
