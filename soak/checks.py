"""Afterwards: was anything lost, done twice, or left lying? Each check with its number."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from typing import Any

import httpx

from soak.actors import CSRF, Load
from soak.asking import SERVER_ERROR, TOO_MANY, Attempt, asked_to_wait
from soak.faults import Fault
from soak.place import Place, eventually
from soak.sinks import Mail, Sinks

QUIET_SECONDS = 240
LATER = 2 * 3600.0  # the clocks go so far ahead, so that whatever waits for a retry is due
AFTER_SECONDS = 4.0  # what a fault broke may be answered so much later
CLIENTS = 4
GROWTH = 1.35
SAMPLE = 5
# Only these may make the server fail: targets outside and clocks may not.
BREAKING = {"kill -9", "kill -9 while it sequences", "freeze", "cut connections", "full disk"}


@dataclass
class Check:
    """One question, its answer in numbers, and whether it is the right one."""

    question: str
    found: str
    holds: bool
    wrong: list[str] = field(default_factory=list)


@dataclass
class Run:
    """Everything a check may look at."""

    place: Place
    load: Load
    sinks: Sinks
    faults: list[Fault]
    first: int  # the last position before the load
    began: float
    ended: float = 0.0
    checks: list[Check] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def windows(faults: list[Fault]) -> list[tuple[float, float, str]]:
    """The times within which an answer may break, and why."""
    return [
        (each.began, max(each.ended, each.recovered) + AFTER_SECONDS, each.kind)
        for each in faults
        if each.kind in BREAKING
    ]


def during(attempt: Attempt, spans: list[tuple[float, float, str]]) -> str:
    """The fault a request met; nothing when there was none."""
    return next((kind for begin, end, kind in spans if attempt.began <= end and attempt.ended >= begin), "")


# ---- rest -----------------------------------------------------------------------------------------------------------
WAITING = """
select (select count(*) from kernel_pending),
 (select count(*) from procrastinate_jobs where status in ('todo', 'doing') and queue_name <> 'tick'),
 (select count(*) from notify_notice where state in ('queued', 'sending') and medium = 'email'),
 (select count(*) from hooks_delivery where state in ('queued', 'sending')),
 (select count(*) from sla_clock where failed_at is null and next_at <= now() + make_interval(secs => %s))
"""


def come_to_rest(run: Run) -> Check:
    """Set all clocks right, then two hours ahead: retries and claims of killed workers are due, and deadlines pass."""
    place = run.place
    for ahead in (0.0, LATER):
        for each in place.services:
            place.shift(each, 0.0, ahead)
        margin = max(ahead - 5, 0)
        parts = 5 if ahead else 2  # a claim of a killed sender lapses only later
        took = eventually(lambda: sum(place.sql(WAITING, margin)[0][:parts]) == 0, QUIET_SECONDS, 1)  # noqa: B023
        if not ahead:
            continue
        found = dict(zip(("events", "jobs", "mails", "webhooks", "clocks"), place.sql(WAITING, margin)[0], strict=True))
        wrong = [f"{name}: {number} left" for name, number in found.items() if number]
        said = f"{took:.0f} s after the clocks were set two hours ahead" if took is not None else "not at rest"
        return Check(
            "Everything that waited was done: events, jobs, mails, webhooks, deadlines", said, not wrong, wrong
        )
    raise AssertionError("unreachable")


def jobs(run: Run) -> Check:
    """Nothing runs for ever, and nothing has failed for good but runs of periodic jobs, whose next run did their work."""
    rows = run.place.sql(
        "select task_name, status::text, queue_name, count(*) from procrastinate_jobs where status = 'failed'"
        " or (status = 'doing' and queue_name <> 'tick')"
        " or (status = 'todo' and coalesce(scheduled_at, now()) < now() - interval '1 minute') group by 1, 2, 3"
    )
    periodic = sum(number for _, status, queue, number in rows if (status, queue) == ("failed", "tick"))
    wrong = [
        f"{name} {status}: {number}" for name, status, queue, number in rows if (status, queue) != ("failed", "tick")
    ]
    said = f"{sum(row[3] for row in rows) - periodic} left; {periodic} runs of periodic jobs ended by a fault"
    return Check("No job is stuck or has failed for good", said, not wrong, wrong)


# ---- answers --------------------------------------------------------------------------------------------------------
def asked_again(run: Run) -> Iterator[Check]:
    """The same request with the same key: the same answer."""
    record, address = run.load.record, list(run.load.webs.values())

    def ask(each: Any) -> str:
        with httpx.Client(timeout=30) as http:
            headers = {"Authorization": f"Bearer {each.token}", "Idempotency-Key": each.key, "Accept-Language": "en"}
            base = address[hash(each.key) % len(address)]
            answer = http.post(f"{base}/api/v1{each.path}", headers=headers, **each.sent)
            while pause := asked_to_wait(answer):
                time.sleep(pause)
                answer = http.post(f"{base}/api/v1{each.path}", headers=headers, **each.sent)
        same = (answer.status_code, sha256(answer.content).hexdigest()) == (each.status, each.digest)
        replayed = answer.headers.get("Idempotent-Replayed") == "true"
        return "" if same and replayed else f"{each.path} {each.key}: {answer.status_code} {answer.text[:200]}"

    with ThreadPoolExecutor(CLIENTS) as pool:
        wrong = [said for said in pool.map(ask, list(record.accepted)) if said]
    twice = sum(each.attempts > 1 for each in record.accepted)
    said = f"{len(record.accepted)} writes, of which {twice} had lost their first answer"
    yield Check("Every accepted request, asked again, gets the same answer", said, not wrong, wrong)

    def send(form: Any) -> str:
        with httpx.Client(timeout=30, base_url=address[0], headers=form.headers) as http:
            page = http.get(form.path)
            token = CSRF.search(page.text)
            fields = {**form.fields, "csrfmiddlewaretoken": unescape(token[1]) if token else ""}
            answer = http.post(form.path, data=fields, files=form.files)
        led_to = answer.headers.get("Location", "")
        return "" if led_to == form.led_to else f"{form.path}: {answer.status_code}, another receipt"

    with ThreadPoolExecutor(CLIENTS) as pool:
        wrong = [said for said in pool.map(send, list(record.portal)) if said]
    yield Check(
        "Every customer's form, sent again, leads to the same receipt", f"{len(record.portal)} forms", not wrong, wrong
    )


def answered(run: Run) -> Iterator[Check]:
    """What failed, failed because of something; and nobody was turned down who should not be."""
    record, spans = run.load.record, windows(run.faults)
    broken = [each for each in list(record.attempts) if each.status >= SERVER_ERROR]
    met = Counter(during(each, spans) or "no fault" for each in broken)
    wrong = [
        f"{each.status} {each.what} at {each.web}: {each.said[:160]}" for each in broken if not during(each, spans)
    ]
    said = ", ".join(f"{number} in {kind}" for kind, number in met.most_common()) or "none"
    yield Check(
        "Every answer of 500 and above came during a fault",
        f"{len(broken)} of {len(record.attempts)}: {said}",
        not wrong,
        wrong,
    )
    cut = [each for each in list(record.attempts) if not each.status]
    wrong = [f"{each.what} at {each.web}: {each.said}" for each in cut if not during(each, spans)]
    met = Counter(during(each, spans) or "no fault" for each in cut)
    said = ", ".join(f"{number} in {kind}" for kind, number in met.most_common()) or "none"
    yield Check("Every connection that broke did so during a fault", f"{len(cut)}: {said}", not wrong, wrong)
    refused = [each for each in list(record.refused) if each.status != TOO_MANY]
    wrong = [f"{each.status} {each.what}: {each.said[:200]}" for each in refused]
    yield Check("Nobody was refused what they may do", f"{len(refused)} refusals", not wrong, wrong)
    yield Check(
        "Nobody asked in vain", f"{len(record.unanswered)} without an answer", not record.unanswered, record.unanswered
    )


# ---- what is in the database ----------------------------------------------------------------------------------------
def orders(run: Run) -> Check:
    """As many orders as were accepted, each with all that belongs to it."""
    opened = sum(each.path == "/orders" for each in run.load.record.accepted)
    wanted = {"phone": opened, "h5": len(run.load.record.portal)}
    found = dict(
        run.place.sql(
            "select r.channel, count(*) from orders_order o join orders_request r on r.order_id = o.id group by 1"
        )
    )
    wrong = []
    for channel, number in wanted.items():
        extra = found.get(channel, 0) - number
        # An actor that was stopped while it waited for its answer may have opened one that it does not know.
        if not 0 <= extra <= len(run.load.known["engineers"]) + 2:
            wrong.append(f"{channel}: {found.get(channel, 0)} in the database, {number} answered")
    whole = run.place.sql(
        "select count(*) from orders_order o where (select count(*) from kernel_event e where e.kind = 'orders.opened'"
        " and e.subject_id = o.id) <> 1 or not exists (select from sla_clock c where c.subject_kind = 'order' and c.subject_id = o.id)"
        " or (select count(*) from accounts_link l where l.purpose = 'track' and l.subject_id = o.id) < 1"
    )[0][0]
    wrong += [f"{whole} orders without their event, clock or link"] if whole else []
    [(numbers, distinct)] = run.place.sql("select count(number), count(distinct number) from orders_order")
    wrong += ["numbers given twice"] if numbers != distinct else []
    said = f"{numbers} orders ({', '.join(f'{number} by {channel}' for channel, number in sorted(found.items()))})"
    return Check("Every order that was accepted is there, once and whole", said, not wrong, wrong)


def events(run: Run) -> Check:
    """No event without its position, no position without its event, no gap."""
    [(count, positions, last, pending)] = run.place.sql(
        "select (select count(*) from kernel_event), (select count(*) from kernel_position),"
        " (select max(position) from kernel_position), (select count(*) from kernel_pending)"
    )
    good = count == positions == last and not pending
    return Check(
        "No event is lost: each has its place, without a gap",
        f"{count} events, last position {last}",
        good,
        [] if good else [f"{count} {positions} {last} {pending}"],
    )


def _notice_of(mail: Mail) -> str:
    """Which notice a message is, by its Message-ID: `<uid@host>`, of an order's `<uid.mark@host>`."""
    return mail.id.strip("<>").partition("@")[0].partition(".")[0]


def mails(run: Run) -> Check:
    """Each notice that says it was sent reached the server; how often twice, which SMTP cannot exclude."""
    rows = run.place.sql("select uid::text, state from notify_notice where medium = 'email'")
    known, sent = {uid for uid, _ in rows}, {uid for uid, state in rows if state == "sent"}
    got = Counter(map(_notice_of, run.sinks.mails))
    wrong = [f"{len(sent - set(got))} said to be sent never came"] if sent - set(got) else []
    wrong += [f"{len(set(got) - known)} came that nobody wrote"] if set(got) - known else []
    failed = run.place.sql("select reason, count(*) from notify_notice where state = 'failed' group by 1")
    wrong += [f"{number} were given up: {reason}" for reason, number in failed]
    again = {key for key, number in got.items() if number > 1}
    spans = [
        (each.began, max(each.ended, each.recovered) + AFTER_SECONDS)
        for each in run.faults
        if each.kind != "clock jumps"
    ]
    firsts = {_notice_of(each): each.at for each in reversed(run.sinks.mails) if _notice_of(each) in again}
    named = len({(_notice_of(each), each.id) for each in run.sinks.mails}) - len(got)
    wrong += [f"{named} came a second time under another Message-ID"] if named else []
    idle = [key for key, at in firsts.items() if not any(begin - 2 <= at <= end for begin, end in spans)]
    wrong += [f"{len(idle)} came twice without a fault"] if idle else []
    said = f"{len(sent)} mails; {len(again)} came more than once, each taken while a fault hid the answer"
    return Check(
        "Each mail was sent; one came twice only where its answer was lost (same Message-ID)", said, not wrong, wrong
    )


def webhooks(run: Run) -> Check:
    """Each event that the target wants was taken by it, and each delivery has one row."""
    rows = run.place.sql("select uid::text, state, event_id::text from hooks_delivery")
    taken = Counter(each.delivery for each in run.sinks.calls if each.taken)
    wrong = [f"{uid}: {state}" for uid, state, _ in rows if state != "delivered"]
    wrong += [
        f"{uid} is said to be delivered and never came"
        for uid, state, _ in rows
        if state == "delivered" and not taken[uid]
    ]
    if len({event for _, _, event in rows}) != len(rows):
        wrong.append("an event was queued twice")
    [(wanted,)] = run.place.sql(
        "select count(*) from kernel_position p join kernel_event e on e.id = p.event_id where p.position > %s"
        " and e.kind = any((select kinds from hooks_target limit 1)::text[])",
        run.first,
    )
    wrong += [f"{wanted} events, {len(rows)} deliveries"] if wanted != len(rows) else []
    twice = sum(number > 1 for number in taken.values())
    said = f"{len(rows)} deliveries in {len(run.sinks.calls)} requests; {twice} taken more than once (same id)"
    return Check("Each event reached the webhook target", said, not wrong, wrong)


def clocks(run: Run) -> Check:
    """No promise was set aside, each level of a ladder was called once."""
    [(all_, failed, broken)] = run.place.sql(
        "select count(*), count(*) filter (where failed_at is not null), count(*) filter (where breached_at is not null) from sla_clock"
    )
    twice = run.place.sql(
        "select count(*) from (select clock_id, level from sla_escalation where superseded_at is null or true group by 1, 2 having count(*) > 1) t"
    )[0][0]
    told = run.place.sql(
        "select count(*) from (select e.body::json->>'clock_id' from kernel_event e where e.kind = 'sla.clock_broken' group by 1 having count(*) > 1) t"
    )[0][0]
    wrong = [f"{failed} set aside"] if failed else []
    wrong += [f"{twice} levels called twice"] if twice else []
    wrong += [f"{told} breaches told twice"] if told else []
    return Check("Every deadline fired, once", f"{all_} clocks, {broken} broken on time", not wrong, wrong)


def inside(run: Run, said: dict[str, Any]) -> Iterator[Check]:
    """What the product's own rules say of what is there."""
    found = said["replayed"]
    yield Check(
        "Every order stands where its history leads by the table of states",
        f"{found['orders']} orders, {found['steps']} steps",
        not found["wrong"],
        found["wrong"],
    )
    found = said["effects"]
    yield Check(
        "Every reactor acted once on every event it listens to",
        f"{found['marks']} effects",
        not found["wrong"],
        found["wrong"],
    )
    found = said["files"]
    yield Check(
        "Every file has its bytes, and they are those of its digest",
        f"{found['blobs']} contents of {found['attachments']} files; {found['bytes_without_row']} left by writers that were killed (swept nightly)",
        not found["wrong"], found["wrong"],
    )  # fmt: skip
    found = said["facts"]
    yield Check(
        "Facts folded from zero equal the facts kept",
        f"{sum(found['rows'].values())} rows from {found['events']} events",
        not found["wrong"],
        found["wrong"],
    )


def tabs(run: Run) -> Check:
    """An open tab was told of the last change of every order, however often its stream broke."""
    rows = run.place.sql(
        "select e.subject_id, max(p.position) from kernel_position p join kernel_event e on e.id = p.event_id"
        " where e.subject_kind = 'order' and p.position > %s group by 1",
        run.first,
    )
    wrong, checked = [], 0
    for number, tab in enumerate(run.load.tabs):
        everything = tab.seen.get("*", 0)
        for key, last in rows:
            if tab.first < last <= tab.position:
                checked += 1
                if max(tab.seen.get(f"order.{key}", 0), everything) < last:
                    wrong.append(f"tab {number} missed order {key} at {last}")
    breaks = sum(each.breaks for each in run.load.tabs)
    return Check(
        "Every open tab was told of every order's last change",
        f"{checked} changes, streams that broke {breaks} times",
        not wrong,
        wrong,
    )


def memory(run: Run) -> Check:
    """The processes that live at the end weigh about what they did early in their lives."""
    wrong, shown = [], []
    for each in run.place.services:
        latest = [(at, weight) for at, start, weight in each.memory if start == each.starts]
        if len(latest) < SAMPLE * 4:
            continue
        early, late = (
            sorted(weight for _, weight in part)[SAMPLE // 2]
            for part in (latest[len(latest) // 3 :][:SAMPLE], latest[-SAMPLE:])
        )
        shown.append(f"{each.name} {early:.0f} → {late:.0f} MB in {(latest[-1][0] - latest[0][0]) / 60:.1f} min")
        if late > early * GROWTH and late - early > 60:
            wrong.append(shown[-1])
    return Check("No process grows", "; ".join(shown), not wrong, wrong)


def verified(run: Run) -> Iterator[Check]:
    """The chain, by the product and by the verifier that needs none of it."""
    done = run.place.command("verify", "--language", "en", check=False)
    yield Check(
        "`anxiu verify`: the chain holds",
        done.stdout.strip().splitlines()[0] if done.stdout else "",
        not done.returncode,
        [done.stderr] if done.returncode else [],
    )
    folder = run.place.folder
    run.place.command("verify", "--export", str(folder / "chain.jsonl"), "--verifier", str(folder / "verify_anxiu.py"))
    import subprocess
    import sys

    alone = subprocess.run(
        [sys.executable, "-I", str(folder / "verify_anxiu.py"), str(folder / "chain.jsonl"), "--language", "en"],
        capture_output=True,
        text=True,
        check=False,
    )
    yield Check(
        "The stand-alone verifier says the same of an export",
        alone.stdout.strip().splitlines()[0] if alone.stdout else alone.stderr[:200],
        not alone.returncode,
        [alone.stderr] if alone.returncode else [],
    )


def timed(name: str, work: Callable[[], Any], say: Callable[[str], None]) -> Any:
    """Do something and say how long it took."""
    began = time.monotonic()
    done = work()
    say(f"{name}: {time.monotonic() - began:.0f} s")
    return done
