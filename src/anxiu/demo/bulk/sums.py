"""The sums by day that pages read, added up from the facts at once: what the projector keeps up as they come."""

from collections.abc import Iterator
from importlib import import_module

from anxiu.kpi.choices import Source
from anxiu.kpi.rules.indicators import CLOCKS, SUMMED, columns

SUMS = ("kpi_daycell", "kpi_dayhours", "kpi_dayfault", "kpi_daycase")


def statements(zone: str) -> Iterator[str]:
    """Empty the sums and add them up again, by days of this time zone."""
    yield from (f"truncate {each}" for each in SUMS)
    names = [name for column in SUMMED for name in (column, f"{column}_n")]
    yield f"alter table kpi_daycell {', '.join(f'alter {name} set default 0' for name in names)}"
    yield _added(zone, "kpi_orderfact", "opened", "opened_at", "count(*)", "true")
    for source, table in ((Source.ORDER, "kpi_orderfact"), (Source.VISIT, "kpi_visitfact")):
        for column, moment in columns(source):
            yield _added(zone, table, column, moment, f"sum({column})", f"{column} is not null")
    for each in CLOCKS:
        keys = ", ".join(f"'{key}'" for key in each.keys)
        kept = "count(*) filter (where verdict = 'kept')"
        where = f"value_key in ({keys}) and verdict <> 'exempt'"
        yield _added(zone, "kpi_casefact", each.column, "at", kept, where)
    yield f"alter table kpi_daycell {', '.join(f'alter {name} drop default' for name in names)}"
    requests = import_module("anxiu.kpi.migrations.0006_requests_by_day")
    cases = import_module("anxiu.kpi.migrations.0008_cases_by_day")
    yield from (text.replace("%s", f"'{zone}'") for text in (requests.BY_HOUR, requests.BY_FAULT, cases.BY_VALUE))


def _added(zone: str, table: str, column: str, moment: str, much: str, where: str) -> str:
    return (
        f"insert into kpi_daycell (day, region_id, family, severity, {column}, {column}_n) "
        f"select ({moment} at time zone '{zone}')::date, region_id, "
        "case when grouping(coalesce(family_id, 0)) = 1 then -1 else coalesce(family_id, 0) end, "
        f"coalesce(severity, ''), {much}, count(*) from {table} where {where} "
        "group by 1, region_id, cube (coalesce(family_id, 0), severity) "
        "on conflict (family, severity, day, region_id) do update "
        f"set {column} = excluded.{column}, {column}_n = excluded.{column}_n"
    )
