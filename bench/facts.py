"""A million facts: how long the dashboard and the compliance board take, and how fast facts are folded again from zero.

The facts are made inside the database, spread over two years, twelve regions, twelve product families, five hundred
people; the sums by day are added up from them. Pages are asked of the whole program in this process, log-in and
middleware included, with the filters a reader may choose. Rebuilding folds the events of copied orders.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from bench import company
from bench.place import KEPT, Place

FACTS = "anxiu_bench_facts"
MILLION, CASES = 1_000_000, 1_000_000
TIMES = 6
BOARD_MS, DASHBOARD_MS, FACTS_PER_SECOND = 500, 200, 5000
REBUILT_BATCHES = 60
TWENTIETH = 20
FILLED = ("kpi_orderfact", "kpi_visitfact", "kpi_casefact", "kpi_daycell", "kpi_dayhours", "kpi_dayfault", "kpi_daycase")
SERIES = "generate_series(1, %s) g"


@dataclass
class FactsFound:
    """Milliseconds of server time by page, and events folded a second."""

    pages: dict[str, list[float]] = field(default_factory=dict)
    folded: float = 0.0
    folded_cpu: float = 0.0
    rows: dict[str, int] = field(default_factory=dict)

    def p95(self, page: str) -> float:
        """What nineteen of twenty answers stay below."""
        return quantiles(self.pages[page], n=TWENTIETH)[-1]


def measure(place: Place, orders: int, say: Callable[[str], None], *, fresh: bool) -> FactsFound:
    """Fill the facts, ask for the pages, fold events again."""
    company.keep(place, orders, say, fresh=fresh)
    place.recreate(FACTS, KEPT)
    os.environ.update(place.environment)
    os.environ["DATABASE_URL"] = place.url(place.server.owner_url, FACTS)
    os.environ["DATABASE_OWNER_URL"] = os.environ["DATABASE_URL"]
    os.environ["ANXIU_TEST"] = "1"
    place.run("django", "migrate", "--verbosity", "0", environment=dict(os.environ))
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    found = FactsFound()
    say(f"folding {REBUILT_BATCHES} batches of events")
    _fold(found)
    say(f"making {MILLION:,} facts of orders, as many of visits, and {CASES:,} cases")
    _fill(place, found)
    for name, url in _pages():
        found.pages[name] = list(_asked(url))
        say(f"{name}: p95 {found.p95(name):.0f} ms")
    return found


def _fold(found: FactsFound) -> None:
    """Events from the first on, into emptied facts."""
    from anxiu.kernel.models import Cursor
    from anxiu.kernel.sequencer import catch_up
    from anxiu.kernel.subscribers import PROJECTORS, project

    catch_up()
    PROJECTORS["kpi.facts"].reset()
    Cursor.objects.filter(name="kpi.facts").delete()
    began, cpu, read = time.perf_counter(), time.process_time(), 0
    for _ in range(REBUILT_BATCHES):
        read += project("kpi.facts")
    found.folded = read / (time.perf_counter() - began)
    found.folded_cpu = read / (time.process_time() - cpu)
    PROJECTORS["kpi.facts"].reset()


PLACES = """
insert into accounts_region (code, name_zh, name_en, time_zone)
select 'bench-' || g, '区' || g, 'Region ' || g, '' from generate_series(1, 8) g;
insert into catalogue_family (uid, code, name_zh, name_en, warranty_months, statutory_guarantee_days, skills, certificates,
  source, source_id)
select gen_random_uuid(), 'bench-' || g, '产品' || g, 'Product ' || g, 12, 0, '{}', '{}', '', '' from generate_series(1, 8) g;
"""
ORDERS = f"""
with known as (
  select (select array_agg(id) from accounts_region) regions, (select array_agg(id) from catalogue_family) families,
    (select array_agg(id) from catalogue_faultclass) faults, (select array_agg(id) from workforce_engineer) engineers,
    (select array_agg(id) from accounts_person) people, (select min(id) from regulation_version) version
), thrown as (
  select g, k.version, k.regions[1 + (random() * (cardinality(k.regions) - 1))::int] region,
    k.families[1 + (random() * (cardinality(k.families) - 1))::int] family,
    k.faults[1 + (power(random(), 2) * (cardinality(k.faults) - 1))::int] fault,
    k.engineers[1 + (random() * (cardinality(k.engineers) - 1))::int] engineer,
    k.people[1 + (random() * (cardinality(k.people) - 1))::int] owner,
    (array['urgent', 'normal', 'normal', 'minor'])[1 + (random() * 3)::int] severity,
    now() - random() * interval '730 days' opened, random() * interval '2 hours' response,
    random() * interval '30 hours' wait, random() * interval '5 hours' handling, random() chance, random() other
  from known k, {SERIES}
)
insert into kpi_orderfact (order_id, version_id, region_id, order_type, channel, severity, out_of_hours, family_id,
  fault_class_id,
  owner_id, engineer_id, opened_at, weekday, hour, responded_at, arrived_at, completed_at, ended_at, rated_at, pauses,
  arrivals, resolved, repeats, score, scale, recommends, is_bad, response_seconds, response_net_seconds, wait_seconds,
  wait_net_seconds, handling_seconds, handling_net_seconds, completion, resolution, first_fix, repeat, satisfaction,
  satisfied, nps)
select 1000000000 + g, version, region, 'repair', 'phone', severity, false, family, fault, owner, engineer, opened,
  extract(isodow from opened), extract(hour from opened), opened + response, opened + wait, opened + wait + handling,
  opened + wait + handling, opened + wait + handling + interval '1 day', '{{}}', 1, true, 0, 5, 5, 9, false,
  extract(epoch from response), extract(epoch from response), extract(epoch from wait), extract(epoch from wait),
  extract(epoch from handling), extract(epoch from handling), 1, (chance < 0.96)::int, (chance < 0.88)::int,
  (chance > 0.95)::int, case when other < 0.4 then 9000 end, case when other < 0.4 then 1 end,
  case when other < 0.3 then 1 end
from thrown order by opened
"""
VISITS = """
insert into kpi_visitfact (visit_id, order_id, region_id, severity, family_id, engineer_id, asked_at, answered_at, answer,
  is_overdue, starts_at, arrived_at, acceptance_seconds, accepted, on_time)
select order_id, order_id, region_id, severity, family_id, engineer_id, opened_at, opened_at + interval '10 minutes',
  'accepted', false, arrived_at, arrived_at, 600, 1, 1
from kpi_orderfact
"""
CLOCKED = f"""
insert into kpi_casefact (source, order_id, version_id, region_id, person_id, severity, family_id, value_key, verdict,
  because, at, week, net, gross, position)
select 'bench:' || g, order_id, version_id, region_id, owner_id, severity, family_id, (%s::text[])[1 + g %% %s],
  (array['kept','kept','kept','kept','kept','kept','kept','broken','exempt','kept'])[1 + g %% 10], '', opened_at,
  date_trunc('week', opened_at)::date, null, null, g
from {SERIES} join kpi_orderfact f on f.order_id = 1000000000 + g
"""


def _fill(place: Place, found: FactsFound) -> None:
    from django.conf import settings

    from anxiu.demo.bulk import sums
    from anxiu.kpi.rules.judging import CLOCKED as KEYS

    with place.admin(FACTS) as connection:
        connection.execute(PLACES)
        connection.execute(ORDERS, [MILLION])
        connection.execute(VISITS)
        connection.execute(CLOCKED, [list(KEYS), len(KEYS), CASES])
        for text in sums.statements(settings.TIME_ZONE):
            connection.execute(text)
        for table in FILLED:
            connection.execute(f"vacuum analyze {table}")
            row = connection.execute(f"select count(*) from {table}").fetchone()
            found.rows[table] = int(str(row[0])) if row else 0
        connection.execute("checkpoint")


def _pages() -> Iterator[tuple[str, list[str]]]:
    """Pages by name, each with the filters it is asked with."""
    filters = ["", "&region=bench-3", "&family=bench-4", "&severity=urgent", "&region=bench-5&show=handling"]
    for days in (30, 90, 365):
        yield f"dashboard, {days} days", [f"/dashboard/?period={days}{each}" for each in filters]
    for days in (30, 90, 365):
        yield f"compliance board, {days} days", [f"/compliance/?period={days}{each}" for each in filters[:2]]
    yield "an indicator, 90 days", [f"/dashboard/handling/?period=90{each}" for each in filters]
    yield "people, 90 days", ["/dashboard/handling/people/?period=90"]


def _asked(urls: list[str]) -> Iterator[float]:
    """How long each answer took, in milliseconds; the first of each is not counted."""
    from django.test import Client

    from anxiu.accounts.models import Person

    client: Any = Client(headers={"accept-language": "zh-CN"})
    client.force_login(Person.objects.filter(holdings__post__code="management").first())
    for url in urls:
        client.get(url)
    for _ in range(TIMES):
        for url in urls:
            began = time.perf_counter()
            answer = client.get(url)
            yield (time.perf_counter() - began) * 1000
            if answer.status_code != 200:
                raise RuntimeError(f"{url}: {answer.status_code}")
