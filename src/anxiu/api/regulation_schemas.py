"""What the operations on drafts and reviews of the regulation take and answer."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from anxiu.api.asking import Code, Line, Words
from anxiu.api.regulation import Raw
from anxiu.api.timing import Moment
from anxiu.kernel import values
from anxiu.regulation import actions
from anxiu.regulation.choices import Control, GroupRole, OrderType
from anxiu.regulation.models import Clause, Comment
from anxiu.regulation.rules.readiness import Lack

Number = Annotated[str, Field(max_length=12), AfterValidator(str.strip)]
Codes = Annotated[list[Code], Field(max_length=40)]


# ---- asked -----------------------------------------------------------------------------------------------------------
class BecauseIn(BaseModel):
    """The reason of a change; it is kept sealed beside the event."""

    why: Words


class DraftIn(BecauseIn):
    """What a draft begins from: a preset, or a version; and for whom it will hold (nothing: for everybody)."""

    preset: Code = ""
    version: UUID | None = None
    region: Code = ""
    order_type: OrderType | None = None


class DescriptionIn(BecauseIn):
    """What stands before the first chapter; a part left out stays as it is."""

    name_zh: Line | None = None
    name_en: Line | None = None
    purpose_zh: Words | None = None
    purpose_en: Words | None = None
    scope_zh: Words | None = None
    scope_en: Words | None = None
    principles_zh: Words | None = None
    principles_en: Words | None = None


class FigureIn(BecauseIn):
    """A figure as its kind writes it."""

    key: Code
    raw: Raw


class ClauseIn(BecauseIn):
    """A clause with its words in both languages, the keys it governs, and what holds it."""

    number: Number
    title_zh: Line
    title_en: Line
    text_zh: Words
    text_en: Words
    control: Control
    keys: Codes = []
    enforced_by: Codes = []
    indicators: Codes = []
    manual_zh: Words = ""
    manual_en: Words = ""

    def wording(self) -> actions.Wording:
        """As the verbs take it."""
        both = values.Words
        return actions.Wording(
            both(self.title_zh, self.title_en), both(self.text_zh, self.text_en), self.control, tuple(self.keys),
            tuple(self.enforced_by), tuple(self.indicators), both(self.manual_zh, self.manual_en),
        )  # fmt: skip


class NewClauseIn(ClauseIn):
    """A new clause; a chapter that is not there yet needs its title."""

    chapter_zh: Line = ""
    chapter_en: Line = ""


class NumberIn(BecauseIn):
    """Which clause."""

    number: Number


class MemberIn(BaseModel):
    """Somebody of a working group."""

    person: UUID
    role: GroupRole = GroupRole.MEMBER


class GroupIn(BecauseIn):
    """Who reviews a version."""

    members: Annotated[list[MemberIn], Field(max_length=60)]


class CommentIn(BaseModel):
    """What is said of a clause, or of the whole without a number."""

    number: Number = ""
    text: Words


class SettleIn(BaseModel):
    """What became of a comment."""

    comment: UUID
    taken_up: bool
    answer: Words


class PutIn(BecauseIn):
    """From when a version holds; at once when left out. `despite`: whatever a gate has against it."""

    in_force_from: Moment | None = None
    despite: bool = False


# ---- answered --------------------------------------------------------------------------------------------------------
class ClauseDetailOut(BaseModel):
    """A clause as it is written, placeholders where figures are said."""

    number: str
    chapter: int
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    control: Control
    keys: list[str]
    enforced_by: list[str]
    indicators: list[str]
    manual_zh: str
    manual_en: str

    @staticmethod
    def of(row: Clause) -> "ClauseDetailOut":
        """From a row."""
        return ClauseDetailOut(
            number=row.number, chapter=row.chapter_number, title_zh=row.title_zh, title_en=row.title_en,
            text_zh=row.text_zh, text_en=row.text_en, control=Control(row.control), keys=row.value_keys,
            enforced_by=row.enforced_by, indicators=row.indicators, manual_zh=row.manual_control_zh,
            manual_en=row.manual_control_en,
        )  # fmt: skip


class ClausesOut(BaseModel):
    """A page of clauses, the last first."""

    items: list[ClauseDetailOut]
    next: str


class CommentOut(BaseModel):
    """A comment and what became of it."""

    uid: UUID
    number: str
    author: str
    at: datetime
    text: str
    settled_at: datetime | None
    taken_up: bool | None
    answer: str

    @staticmethod
    def of(row: Comment) -> "CommentOut":
        """From a row."""
        return CommentOut(
            uid=row.uid, number=row.number, author=row.author.name, at=row.at, text=row.text,
            settled_at=row.settled_at, taken_up=row.taken_up, answer=row.answer,
        )  # fmt: skip


class CommentsOut(BaseModel):
    """A page of comments, newest first."""

    items: list[CommentOut]
    next: str


class MemberOut(BaseModel):
    """Somebody of a working group."""

    person: UUID
    name: str
    role: GroupRole


class GroupOut(BaseModel):
    """Who reviews a version."""

    members: list[MemberOut]


class ReadinessLineOut(BaseModel):
    """A clause: what holds it, or what it lacks."""

    number: str
    control: Control
    holds: list[str]
    lack: Lack | None
    names: list[str]


class MovedOnOut(BaseModel):
    """What changed meanwhile in the version a draft began from: figures by key and clauses by number."""

    latest: UUID
    figures: list[str]
    clauses: list[str]


class ReadinessOut(BaseModel):
    """Whether a version can take effect, clause by clause; `moved_on` is nothing while its base is the latest."""

    ready: bool
    lines: list[ReadinessLineOut]
    moved_on: MovedOnOut | None = None


class ChangeOut(BaseModel):
    """Who did what and why; `old` and `new` are what was written, nothing when it was erased."""

    kind: str
    at: datetime
    who: str
    key: str
    number: str
    old: Any
    new: Any
    why: str


class LogOut(BaseModel):
    """Everything that happened to a version, newest first."""

    items: list[ChangeOut]
