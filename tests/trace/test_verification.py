"""Any change to the record is found and named, without the server, by the one file that anybody can run."""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection

from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.events import KINDS, Event, Sealed, event, record
from anxiu.kernel.models import EventRow, Head, Position, SealedText
from anxiu.kernel.sequencer import catch_up
from anxiu.trace import cli, heads
from anxiu.trace.export import lines
from anxiu.trace.heads import WrongKey, public_key, sign_head
from anxiu.trace.standalone import verify_anxiu as standalone
from anxiu.trace.standalone.verify_anxiu import FIELDS, Broken, Checker, check_lines
from anxiu.trace.tasks import send_head, sign_todays_head
from anxiu.trace.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("TR-01")]
AT = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)
DAYS = 3
EVENTS_A_DAY = 4
LAST = DAYS * EVENTS_A_DAY


@pytest.fixture(autouse=True)
def key_folder(settings, tmp_path):
    settings.ENV = settings.ENV.model_copy(update={"data_dir": tmp_path})
    return tmp_path


@pytest.fixture
def noted():
    @event("trace_test.noted")
    @dataclass(frozen=True)
    class Noted(Event):
        """Something was noted."""

        words: Sealed
        number: int

    yield Noted
    del KINDS["trace_test.noted"]


@pytest.fixture
def chain(noted):
    """Three days of four events, each day's head signed; what the installation itself recorded is put aside."""
    with connection.cursor() as cursor:
        cursor.execute("truncate kernel_event, kernel_sealed, kernel_pending, kernel_position, kernel_head cascade")
    for day in range(DAYS):
        for number in range(EVENTS_A_DAY):
            at = AT + timedelta(days=day, minutes=number)
            record(
                noted(Sealed(f"王建国 {day}-{number}"), number),
                subject=Subject("order", 7),
                region_id=3,
                actor=SYSTEM,
                at=at,
            )
        catch_up()
        assert sign_head(date(2026, 5, 4 + day))
    return [json.loads(line) for line in lines(texts=True)]


def rows(chain):
    return [each for each in chain if "position" in each]


def index(chain, position):
    return next(number for number, each in enumerate(chain) if each.get("position") == position)


def check(chain, *, key=None, witnessed=None) -> Checker:
    checker = Checker(key=key, witnessed=witnessed or {})
    check_lines([json.dumps(each, ensure_ascii=False) + "\n" for each in chain], checker)
    return checker


def broken(chain, **more) -> tuple[str, dict]:
    with pytest.raises(Broken) as found:
        check(chain, **more)
    return found.value.code, found.value.params


def relink(chain, first):
    """What somebody with the whole database can do: write all hashes behind a change anew."""
    previous = bytes.fromhex(chain[index(chain, first - 1)]["hash"]) if first > 1 else bytes(32)
    for row in rows(chain):
        if row["position"] >= first:
            previous = standalone.link(previous, row["position"], row)
            row["hash"] = previous.hex()


def test_an_untouched_chain_holds(chain):
    checker = check(chain)
    assert (checker.rows, checker.texts, checker.erased, checker.heads) == (LAST, LAST, 0, DAYS)
    assert checker.hash == bytes(Position.objects.get(position=LAST).hash)
    same = verify(witnessed={})
    assert (same.rows, same.texts, same.heads, same.hash) == (LAST, LAST, DAYS, checker.hash)


CHANGES = {
    "uid": "00000000-0000-7000-8000-000000000000",
    "kind": "orders.cancelled",
    "version": 9,
    "subject_kind": "machine",
    "subject_id": 8,
    "region_id": None,
    "actor_kind": "person",
    "actor_id": 99,
    "occurred_at": "2026-05-04T02:00:00.000001Z",
    "recorded_at": "2020-01-01T00:00:00.000000Z",
    "body": '{"number":2}',
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_change_to_any_field_is_found_and_its_row_named(chain, name):
    row = chain[index(chain, 6)]
    row[name] = CHANGES[name]
    code, params = broken(chain)
    assert (code, params["position"]) == ("changed", 6)
    assert params["kind"] == row["kind"]


def test_a_changed_hash_is_found(chain):
    chain[index(chain, 6)]["hash"] = "0" * 64
    assert broken(chain)[1]["position"] == 6


def test_a_missing_row_is_named(chain):
    del chain[index(chain, 6)]
    assert broken(chain) == ("missing", {"position": 6, "found": 7, "kind": "trace_test.noted"})


def test_reordered_rows_are_named(chain):
    six, seven = index(chain, 6), index(chain, 7)
    chain[six], chain[seven] = chain[seven], chain[six]
    assert broken(chain)[0] == "missing"
    chain[six], chain[seven] = chain[seven], chain[six]
    chain[six]["position"], chain[seven]["position"] = 7, 6
    assert broken(chain)[1]["position"] == 6
    chain[six]["position"], chain[seven]["position"] = 6, 7
    chain.insert(seven, chain[six])
    assert broken(chain) == ("reordered", {"position": 7, "found": 6, "kind": "trace_test.noted"})


def test_erased_texts_leave_the_chain_whole(chain):
    SealedText.objects.filter(event__place__position__in=[2, 6]).delete()
    assert (verify(witnessed={}).texts, verify(witnessed={}).erased) == (LAST - 2, 2)
    again = [json.loads(line) for line in lines(texts=True)]
    assert (check(again).texts, check(again).erased) == (LAST - 2, 2)
    without = [json.loads(line) for line in lines(texts=False)]
    assert "王建国" not in json.dumps(without, ensure_ascii=False)
    assert (check(without).texts, check(without).erased) == (0, LAST)


@pytest.mark.parametrize("part", ["text", "salt"])
def test_a_changed_text_is_named(chain, part):
    chain[index(chain, 6)]["sealed"]["words"][part] = "ab"
    code, params = broken(chain)
    assert (code, params["position"], params["field"]) == ("text_changed", 6, "words")


def test_a_text_hung_on_is_named(chain):
    chain[index(chain, 6)]["sealed"]["more"] = {"salt": "ab", "text": "他很粗鲁"}
    assert broken(chain)[0] == "text_foreign"


def test_a_chain_written_anew_is_found_by_its_signed_heads(chain):
    chain[index(chain, 6)]["subject_id"] = 8
    relink(chain, 6)
    code, params = broken(chain)
    assert (code, params["first"], params["position"]) == ("rewritten", 5, 8)


def test_heads_signed_by_another_are_found(chain):
    chain[index(chain, 6)]["subject_id"] = 8
    relink(chain, 6)
    for each in chain:
        if "head" in each:
            each["head"]["hash"] = chain[index(chain, each["head"]["position"])]["hash"]
    assert broken(chain)[0] == "head_forged"
    # Without the key, the one inside the export may be replaced as well; the one that was given earlier may not.
    ours = public_key()
    for each in chain:
        each.pop("head", None)
    chain = [each for each in chain if each]
    assert check(chain).rows == LAST
    witnessed = {8: bytes(Position.objects.get(position=8).hash)}
    code, params = broken(chain, key=ours, witnessed=witnessed)
    assert (code, params["position"]) == ("rewritten", 8)


def test_a_tail_cut_off_is_found_by_a_witnessed_head(chain):
    witnessed = {LAST: bytes(Position.objects.get(position=LAST).hash)}
    assert check(chain, witnessed=witnessed).witnesses == 1
    shorter = [
        each for each in chain if each.get("position", 0) <= 10 and each.get("head", {}).get("position", 0) <= 10
    ]
    shorter[-1]["end"]["position"] = 10
    assert check(shorter).rows == 10
    code, params = broken(shorter, witnessed=witnessed)
    assert (code, params["position"], params["found"]) == ("truncated", LAST, 10)


def test_a_head_beyond_the_end_and_a_file_cut_short_are_found(chain):
    assert broken(chain[:-1]) == ("cut_short", {})
    shorter = [each for each in chain if each.get("position", 0) <= 10]
    assert broken(shorter)[0] == "truncated"
    no_heads = [each for each in chain if "head" not in each and each.get("position") != LAST]
    assert broken(no_heads)[0] == "truncated"
    head = next(each for each in chain if "head" in each)
    late = [each for each in chain if each is not head]
    late.insert(index(late, 6) + 1, head)
    assert broken(late)[0] == "head_misplaced"


def test_an_export_may_begin_later_and_is_tied_by_a_witness(chain):
    part = [json.loads(line) for line in lines(after=5, texts=True)]
    before = bytes(Position.objects.get(position=5).hash)
    assert (check(part).rows, check(part, witnessed={5: before}).witnesses) == (LAST - 5, 1)
    assert verify(witnessed={5: before}, after=5).rows == LAST - 5
    assert broken(part, witnessed={5: bytes(32)})[0] == "rewritten"


def without_guards(statement):
    """What the owner of the tables can do when nobody looks."""
    tables = ("kernel_event", "kernel_position", "kernel_head")
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for table in tables:
            cursor.execute(f"alter table {table} disable trigger user")
        cursor.execute(statement)
        for table in tables:
            cursor.execute(f"alter table {table} enable trigger user")


DATABASE_CHANGES = [
    (
        "update kernel_event e set body = '{}' from kernel_position p where p.event_id = e.id and p.position = 6",
        "changed",
    ),
    (
        "update kernel_event e set occurred_at = now() from kernel_position p where p.event_id = e.id and p.position = 6",
        "changed",
    ),
    ("update kernel_position set hash = '\\x00' where position = 6", "changed"),
    ("delete from kernel_position where position = 6", "missing"),
    (
        "update kernel_sealed s set text = 'x' from kernel_position p where p.event_id = s.event_id and p.position = 6",
        "text_changed",
    ),
]


@pytest.mark.parametrize(("statement", "code"), DATABASE_CHANGES)
def test_a_change_past_the_guards_of_the_database_is_found(chain, statement, code):
    without_guards(statement)
    with pytest.raises(Broken) as found:
        verify(witnessed={})
    assert (found.value.code, found.value.params["position"]) == (code, 6)


def test_an_event_without_its_place_is_found(chain):
    without_guards("delete from kernel_head where position > 8")
    without_guards("delete from kernel_position where position > 10")
    with pytest.raises(Broken) as found:
        verify(witnessed={})
    assert found.value.code == "unplaced"


def test_the_database_refuses_the_application(chain):
    from django.db import DatabaseError, transaction

    for change in (
        EventRow.objects.all().delete,
        lambda: Head.objects.update(position=1),
        Position.objects.all().delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_head_is_signed_once_a_day_with_a_private_key(chain, key_folder):
    assert sign_head(date(2026, 5, 6)) is None
    assert Head.objects.count() == DAYS
    path = key_folder / heads.NAME
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in key_folder.iterdir()] == [heads.NAME]
    told = sign_todays_head.func.__wrapped__(0)
    assert told == f"{LAST}:{bytes(Position.objects.get(position=LAST).hash).hex()}"
    assert sign_todays_head.func.__wrapped__(0) == ""


def test_another_machines_key_is_refused_rather_than_mixed_in(chain, key_folder):
    (key_folder / heads.NAME).unlink()
    with pytest.raises(WrongKey):
        sign_head(date(2026, 5, 7))


def run(*arguments, language="en"):
    """The one file as anybody would run it: isolated from this project, Python with no packages of ours on its path."""
    script = Path(standalone.__file__)
    done = subprocess.run(
        [sys.executable, "-I", str(script), *map(str, arguments), "--language", language],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def test_the_command_exports_and_the_one_file_verifies(chain, tmp_path, capsys):
    file, copy = tmp_path / "chain.jsonl", tmp_path / "verify.py"
    assert cli.main(["--export", str(file), "--texts", "--verifier", str(copy)]) == 0
    assert copy.read_bytes() == Path(standalone.__file__).read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    head = bytes(Position.objects.get(position=LAST).hash).hex()
    witness = f"{LAST}: {head[:20]} {head[20:]}"
    code, said, _ = run(file, "--key", public_key().hex(), "--witness", witness)
    assert code == 0
    assert said == (
        "The chain holds: 12 rows, positions 1 to 12; 12 sealed texts match, 0 were erased or left out;"
        f" 3 signed heads and 1 witnessed heads match.\nHead of position 12: {head}"
    )
    assert "自带的公钥" in run(file, language="zh")[1]
    assert cli.main(["--language", "zh", "--witness", witness]) == 0
    assert capsys.readouterr().out.startswith("链完整：共 12 行")
    tampered = file.read_text().replace('"subject_id":7', '"subject_id":8', 1)
    file.write_text(tampered)
    uid = rows(chain)[0]["uid"]
    assert run(file)[:2] == (
        1,
        f"Position 1 (trace_test.noted, {uid}) was changed, or a row before it was: its hash does not follow.",
    )
    assert run(file, language="zh")[1].startswith("第 1 位")
    without_guards("update kernel_event set region_id = 9")
    assert cli.main(["--language", "en"]) == 1
    assert capsys.readouterr().out.startswith("Position 1 ")


def test_what_is_not_an_export_is_said_to_be_unreadable(tmp_path):
    file = tmp_path / "x"
    for content in ("", "{}\n", "[]\n", "nonsense\n", '{"format":"anxiu-chain","version":2}\n'):
        file.write_text(content)
        assert run(file)[0] == 2
    assert run(tmp_path / "missing")[0] == 2
    assert run(file, "--witness", "12:zz")[0] == 2
    assert run(file, "--key", "ab")[0] == 2


def test_the_published_form_of_a_hash_never_changes():
    """A golden row: were this to change, every chain ever written would seem broken."""
    row = dict(zip(FIELDS, ["u", "orders.opened", 1, "order", 7, None, "system", None, "2026-05-04T02:00:00.000000Z",
                            "2026-05-04T02:00:00.000000Z", '{"words":"王"}'], strict=True))  # fmt: skip
    text = '["u","orders.opened",1,"order",7,null,"system",null,"2026-05-04T02:00:00.000000Z","2026-05-04T02:00:00.000000Z","{\\"words\\":\\"王\\"}"]'
    assert standalone.link(bytes(32), 1, row) == sha256(bytes(32) + (1).to_bytes(8, "big") + text.encode()).digest()
    assert (
        standalone.link(bytes(32), 1, row).hex() == "8b45389c160fb43e9b2e7c69a9198d85d343c5ec4b5646c90e936d182c8a5184"
    )


def test_every_message_is_in_both_languages():
    for english, chinese in standalone.WORDS.values():
        assert any("一" <= letter <= "鿿" for letter in chinese)
        assert not any("一" <= letter <= "鿿" for letter in english)


def test_witnesses_are_mailed_the_head_and_can_use_it(chain, settings, mailoutbox):
    settings.ENV = settings.ENV.model_copy(update={"witnesses": "a@example.com, b@example.com"})
    told = sign_todays_head.func.__wrapped__(0)
    with connection.cursor() as cursor:
        cursor.execute("select args from procrastinate_jobs where task_name = 'trace.send_head' order by id")
        jobs = [json.loads(row[0]) for row in cursor.fetchall()]
    assert [each["address"] for each in jobs] == ["a@example.com", "b@example.com"]
    for each in jobs:
        send_head.func.__wrapped__(**each)
    assert [mail.to for mail in mailoutbox] == [["a@example.com"], ["b@example.com"]]
    assert f"--key {public_key().hex()} --witness {told}" in mailoutbox[0].body
    position, digest = standalone.parse_witness(told)
    assert verify(witnessed={position: digest}).witnesses == 1
