"""Contracts by file: a contract a line, or a line for each thing it covers."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anxiu.contracts.actions import NewContract, contract_row
from anxiu.contracts.choices import CoverLevel
from anxiu.contracts.events import CoverChanged
from anxiu.contracts.messages import IMPORT_FIELDS
from anxiu.contracts.models import Contract, ContractCover
from anxiu.contracts.queries import VIEW_VALUE, sees_contracts_of
from anxiu.customers.models import Customer, Site
from anxiu.equipment.actions.imports.lines import digest_of
from anxiu.equipment.actions.imports.references import customers_by_key, machines_by_key, require, sites_by_name
from anxiu.equipment.actions.imports.taking import Taking, Wanted
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.importing.kinds import Importer
from anxiu.equipment.importing.parsing import Texts, a_count, a_date, an_amount, require_texts, said, several
from anxiu.equipment.models import Machine
from anxiu.kernel.errors import Invalid, Refusal
from anxiu.kernel.grams import folded
from anxiu.kernel.models import EventRow
from anxiu.kernel.money import Money
from anxiu.regulation.choices import OrderType

HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "key": (
        "合同编号", "contract number", "合同号", "维保合同号", "服务合同号", "协议编号", "contract", "contract no",
        "agreement number", "number",
    ),
    "customer": (
        "客户编号", "customer code", "customer", "客户编码", "客户代码", "客户号", "客户ID", "customer id",
        "customer no", "customer number", "account number",
    ),
    "level": (
        "承包方式", "pays for", "合同类型", "维保方式", "服务方式", "服务等级", "保养方式", "类型", "level", "type",
        "contract type", "cover", "coverage",
    ),
    "starts_on": (
        "开始日期", "starts on", "合同开始日期", "生效日期", "起始日期", "有效期起", "开始时间", "start date", "start",
        "valid from", "from",
    ),
    "ends_on": (
        "结束日期", "ends on", "合同结束日期", "到期日期", "终止日期", "截止日期", "有效期至", "结束时间", "end date",
        "end", "expiry date", "expires", "valid to", "until",
    ),
    "parts_limit": (
        "配件限额", "parts up to", "免费配件单价上限", "配件单价上限", "包件限额", "parts limit", "spare parts limit",
    ),
    "value": ("合同金额", "contract value", "合同总额", "金额", "合同价", "value", "amount", "total", "price"),
    "visits_per_year": (
        "年保养次数", "visits a year", "每年保养次数", "保养次数", "年度巡检次数", "visits per year", "visits",
    ),
    "order_types": ("服务类型", "order types", "工单类型", "服务内容", "服务范围", "types", "services"),
    "site": ("站点", "site", "站点名称", "使用单位", "项目", "项目名称", "安装地点", "site name", "location"),
    "machines": (
        "设备编号", "machines", "设备", "设备编码", "设备清单", "序列号", "出厂编号", "machine", "machine code",
        "serial number", "serial", "equipment", "asset", "assets",
    ),
}  # fmt: skip
# How files say what a contract pays for. 清包: labour; 半包: labour and parts up to a price; 全包, 大包: everything.
LEVELS: Final = {
    **dict.fromkeys(("", "清包", "人工", "仅人工", "劳务", "labour", "labor", "labour only", "basic", "service only"),
                    CoverLevel.LABOUR),
    **dict.fromkeys(("半包", "小包", "limited", "semi", "semi-comprehensive", "partial"), CoverLevel.LIMITED),
    **dict.fromkeys(("全包", "大包", "包工包料", "full", "comprehensive", "all inclusive", "all-inclusive"),
                    CoverLevel.FULL),
}  # fmt: skip
ORDER_TYPES: Final = {
    **dict.fromkeys(("维修", "修理", "报修", "急修", "repair", "repairs", "breakdown"), OrderType.REPAIR),
    **dict.fromkeys(("安装", "调试", "安装调试", "installation", "commissioning"), OrderType.INSTALLATION),
    **dict.fromkeys(("保养", "维保", "维护", "维护保养", "maintenance", "preventive"), OrderType.MAINTENANCE),
    **dict.fromkeys(("巡检", "检查", "检验", "年检", "点检", "inspection", "inspections"), OrderType.INSPECTION),
    **dict.fromkeys(("培训", "training"), OrderType.TRAINING),
    **dict.fromkeys(("远程", "远程支持", "远程协助", "remote", "remote support"), OrderType.REMOTE),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ContractLine:
    """A contract and, where they are named, a site and machines it covers; several lines may speak of one contract."""

    line: int
    key: str
    customer: str
    level: CoverLevel
    starts_on: date
    ends_on: date
    parts_limit: Money | None = None
    value: Money | None = None
    visits_per_year: int = 0
    order_types: tuple[OrderType, ...] = ()
    site: str = ""
    machines: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it names nothing, and so all the customer has."""
        return not (self.site or self.machines)


def contract_line(line: int, texts: Texts, currency: str) -> ContractLine:
    """A line of a file of contracts; one whose level is not said pays for labour."""
    require_texts(texts, "key", "customer", "starts_on", "ends_on")
    days = [a_date(texts[name], name) for name in ("starts_on", "ends_on")]
    assert days[0] is not None
    assert days[1] is not None
    return ContractLine(
        line=line, key=texts["key"], customer=texts["customer"],
        level=said(texts.get("level", ""), LEVELS, "level"), starts_on=days[0], ends_on=days[1],
        parts_limit=an_amount(texts.get("parts_limit", ""), "parts_limit", currency),
        value=an_amount(texts.get("value", ""), "value", currency),
        visits_per_year=a_count(texts.get("visits_per_year", ""), "visits_per_year") or 0,
        order_types=tuple(
            said(each, ORDER_TYPES, "order_types") for each in several(texts.get("order_types", "").replace("/", ","))
        ),
        site=texts.get("site", ""), machines=several(texts.get("machines", "")),
    )  # fmt: skip


@dataclass
class Known:
    """What lines of contracts speak of."""

    taking: Taking
    customers: dict[str, Customer]
    sites: dict[tuple[int, str], Site]
    machines: dict[str, Machine]
    taken: set[str]

    def things(self, line: ContractLine) -> tuple[Site | None, list[Machine]]:
        """The site and machines a line names; refuses one that nobody knows or that is another customer's."""
        customer = require(self.customers, line.customer, "equipment.unknown_customer", "customer", line.customer)
        site = None
        if line.site:
            place = (customer.pk, folded(line.site))
            site = require(self.sites, place, "equipment.unknown_site_named", "site", line.site)
        found, wrong = [], []
        for each in line.machines:
            row = self.machines.get(each)
            if row is None:
                wrong.append(Invalid("equipment.unknown_machine", field="machines", given=each))
            elif row.customer_id != customer.pk:
                wrong.append(Invalid("contracts.not_the_customers", field="machines", given=each))
            else:
                found.append(row)
        if wrong:
            errors: tuple[Refusal, ...] = tuple(wrong)
            raise Invalid(wrong[0].code, field="machines", errors=errors, **wrong[0].params)
        return site, found


def take_contracts(taking: Taking, lines: Sequence[ContractLine]) -> None:
    """Contracts first, then what they cover; a line that names nothing covers all the customer has."""
    known = _known(taking, lines)

    def a_contract(line: ContractLine) -> Callable[[], Contract]:
        return lambda: built(line)

    def built(line: ContractLine) -> Contract:
        customer = require(known.customers, line.customer, "equipment.unknown_customer", "customer", line.customer)
        if line.key in known.taken:
            raise Invalid("contracts.number_taken", field="key", number=line.key)
        if line.value is not None and not taking.actor.may(VIEW_VALUE):
            raise Invalid("contracts.value_not_yours", field="value")
        known.things(line)
        new = NewContract(
            line.key, customer.pk, line.level, line.starts_on, line.ends_on, line.parts_limit, line.value,
            line.order_types, line.visits_per_year, origin=taking.origin(line.key),
        )  # fmt: skip
        row = contract_row(new, customer, taking.at)
        row.covers_all = line.is_whole
        return row

    rows = taking.layer(
        "contract", Contract,
        (Wanted(each.line, each.key, _digest_of_head(each), a_contract(each)) for each in lines),
    )  # fmt: skip
    _take_covers(known, lines, rows)


def _digest_of_head(line: ContractLine) -> str:
    return digest_of(
        line.key, line.customer, line.level, line.starts_on, line.ends_on, line.parts_limit, line.value,
        line.visits_per_year, line.order_types, line.is_whole,
    )  # fmt: skip


def _known(taking: Taking, lines: Sequence[ContractLine]) -> Known:
    """What the lines of a chunk speak of, in a handful of statements."""
    found = customers_by_key(taking, {each.customer for each in lines})
    whose = {key: row for key, row in found.items() if sees_contracts_of(taking.actor, row)}
    # A contract of this source that somebody gave another number goes by its key here, and its number is taken.
    own = Q(source=taking.source, source_id=F("number"))
    numbers = Contract.objects.filter(number__in={each.key for each in lines}).exclude(own)
    return Known(
        taking, whose, sites_by_name(whose.values()),
        machines_by_key(taking, {key for each in lines for key in each.machines}),
        set(numbers.values_list("number", flat=True)),
    )  # fmt: skip


def _take_covers(known: Known, lines: Sequence[ContractLine], rows: dict[str, Contract]) -> None:
    """What each line names, but of contracts whose cover somebody has set by hand since."""
    taking = known.taking
    left = _set_by_hand([row.pk for row in rows.values()])
    asked = []
    for each in lines:
        row = rows.get(each.key)
        if row is None or row.pk in left or each.line in taking.failed:
            continue
        try:
            site, machines = known.things(each)
        except Invalid as refusal:
            taking.refuse(each.line, refusal)
            continue
        things: list[Site | Machine] = [*([site] if site else []), *machines]
        asked += [_cover(taking, each, row, thing) for thing in things]
    taking.layer("contract_cover", ContractCover, asked)


def _cover(taking: Taking, line: ContractLine, row: Contract, thing: Site | Machine) -> Wanted:
    kind = "site" if isinstance(thing, Site) else "machine"
    key = digest_of(line.key, kind, thing.pk)

    def build() -> ContractCover:
        made = ContractCover(contract=row, source=taking.source, source_id=key)
        setattr(made, kind, thing)
        return made

    return Wanted(line.line, key, key, build, "site" if kind == "site" else "machines", str(thing))


def _set_by_hand(ids: Collection[int]) -> set[int]:
    """Contracts whose cover was said by a person: a file does not say it again."""
    told = EventRow.objects.filter(kind=CoverChanged.kind, subject_kind="contract", subject_id__in=ids)
    return set(told.values_list("subject_id", flat=True))


IMPORTER: Final = Importer(
    kind=ImportKind.CONTRACTS,
    headings=HEADINGS,
    needed=frozenset({"key", "customer", "starts_on", "ends_on"}),
    fields=IMPORT_FIELDS,
    parse=contract_line,
    take=take_contracts,
    made={
        "contract_cover": (ContractCover, _("Cover of a contract")),
        "contract": (Contract, _("Contract")),
    },
    # A file says what its contracts are worth.
    seen_with=VIEW_VALUE,
    brought_by="contracts.add_contract",
    # A contract somebody worked on stays, and what it covers with it.
    touched={
        "contract_cover": Q(
            contract__in=EventRow.objects.filter(subject_kind="contract").values("subject_id")
        ),
    },
)
