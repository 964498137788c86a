"""One row for each operation about accounts, customers, the catalogue, machines, contracts and files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.walk.world import Half

Body = Callable[[Half], Mapping[str, Any]]
NOBODY = "00000000-0000-0000-0000-000000000007"


@dataclass(frozen=True)
class Operation:
    """An operation. `needs` is the permission to ask at all, `also` that for what is sent; `url` and `body` name things of
    a half.

    `company` marks what belongs to no region, `lists` what answers everybody with their own rows.
    """

    name: str
    needs: str
    url: Callable[[Half], str]
    body: Body | None = None
    files: Body | None = None
    company: bool = False
    lists: bool = False
    also: str = ""

    @property
    def writes(self) -> bool:
        return self.body is not None or self.files is not None


def _at(path: str) -> Callable[[Half], str]:
    def url(half: Half) -> str:
        company = half.company
        return "/api/v1" + path.format(
            customer=company.customer.uid, site=company.site.uid, contact=company.contact.uid,
            machine=company.machine.uid, person=half.people["agent"].uid, region=half.region.code,
            outlet=half.outlet.code, batch=half.things["batch"].uid, import_file=half.things["import_file"].uid, file=half.things["photo"].uid,
            token=half.things["token"].digest[:16], service=half.things["service"].uid,
            client=half.things["client"].client_id, secret=half.things["secret"].digest[:16], family=company.machine.model.family.uid,
            model=company.machine.model.uid, fault=company.fault.uid, part=half.things["part"].uid,
            contract=half.things["contract"].uid,
        )  # fmt: skip

    return url


def _said(**given: Any) -> Body:
    return lambda half: given


def _read(name: str, needs: str, path: str, **more: Any) -> Operation:
    return Operation(name, needs, _at(path), **more)


def _list(name: str, path: str, needs: str = "") -> Operation:
    return Operation(name, needs, _at(path), lists=True)


def _verb(app: str, name: str, path: str, body: Body | None = None, **more: Any) -> Operation:
    given = body if body or "files" in more else _said()
    return Operation(name, f"{app}.{name}", _at(path.format_map(Kept(name))), body=given, **more)


class Kept(dict[str, str]):
    """Leaves `{uid}` and the like as they are and fills in the verb."""

    def __init__(self, name: str) -> None:
        super().__init__(verb=f"actions/{name}")

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _csv(half: Half) -> Mapping[str, Any]:
    return {"file": SimpleUploadedFile("a.csv", b"x\n1\n", "text/csv"), "kind": "customers", "source": "walk"}


def _nothing(half: Half) -> Mapping[str, Any]:
    """A file that is kept by nobody, whoever may open one."""
    return {"file": SimpleUploadedFile("a.csv", b"\n", "text/csv"), "kind": "customers", "source": "walk"}


def _pdf(half: Half) -> Mapping[str, Any]:
    return {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7\n% walk\n%%EOF\n", "application/pdf")}


PEOPLE, POSTS = "accounts.view_people", "accounts.view_posts"
OPERATIONS = (
    # accounts
    _list("list_people", "/people", POSTS), _read("get_person", POSTS, "/people/{person}"),
    _read("list_tokens", POSTS, "/people/{person}/tokens"), _read("list_posts", POSTS, "/posts", company=True),
    _list("get_me", "/me"), _list("list_regions", "/regions"), _list("list_outlets", "/outlets"),
    _verb("accounts", "add_person", "/people", lambda half: {
        "name": "x", "email": "walk@example.com", "posts": [{"post": "agent"}], "region": half.region.code
    }),
    _verb("accounts", "change_person", "/people/{person}/{verb}", _said(name="x")),
    _verb("accounts", "retire_person", "/people/{person}/{verb}"),
    _verb("accounts", "erase_person", "/people/{person}/{verb}"),
    _verb("accounts", "make_password_link", "/people/{person}/{verb}"),
    _verb("notify", "set_person_addresses", "/people/{person}/{verb}", _said(wecom="x")),
    _verb("accounts", "issue_token", "/people/{person}/{verb}", _said(label="x")),
    _verb("accounts", "revoke_token", "/people/{person}/tokens/{token}/{verb}"),
    _list("list_services", "/services", POSTS), _read("get_service", POSTS, "/services/{service}"),
    _verb("accounts", "add_service", "/services", lambda half: {
        "name": "x", "posts": [{"post": "agent"}], "region": half.region.code
    }),
    _verb("accounts", "change_service", "/services/{service}/{verb}", _said(name="x")),
    _verb("accounts", "suspend_service", "/services/{service}/{verb}"),
    _verb("accounts", "resume_service", "/services/{service}/{verb}"),
    _verb("accounts", "retire_service", "/services/{service}/{verb}"),
    _verb("accounts", "add_client", "/services/{service}/{verb}", _said(label="x", scopes=["read"])),
    _verb("accounts", "add_client_secret", "/services/{service}/clients/{client}/{verb}"),
    _verb("accounts", "revoke_client_secret", "/services/{service}/clients/{client}/secrets/{secret}/{verb}"),
    _verb("accounts", "revoke_client", "/services/{service}/clients/{client}/{verb}"),
    _verb("accounts", "change_own", "/me/{verb}", _said(name_en="x"), company=True),
    _verb("accounts", "change_own_email", "/me/{verb}", _said(email="x@example.com", password="wrong"), company=True),
    _verb("accounts", "change_post", "/posts/agent/{verb}", _said(permissions=["orders.never"]), company=True),
    _verb("accounts", "add_region", "/regions", _said(code="x", name_zh="x", name_en="x", time_zone="x"), company=True),
    _verb("accounts", "change_region", "/regions/{region}/{verb}", _said(name_en="x")),
    _verb("accounts", "add_outlet", "/outlets", lambda half: {
        "code": "x", "region": half.region.code, "name_zh": "x", "name_en": "x"
    }),
    _verb("accounts", "change_outlet", "/outlets/{outlet}/{verb}", _said(name_en="x")),
    # customers
    _list("list_customers", "/customers"), _read("get_customer", "", "/customers/{customer}"),
    _list("list_sites", "/sites"), _list("list_contacts", "/contacts", "customers.view"),
    _read("get_contact_phone", "customers.view_phone", "/contacts/{contact}/phone"),
    _verb("customers", "add_customer", "/customers", lambda half: {"name": "x", "region": half.region.code}),
    _verb("customers", "change_customer", "/customers/{customer}/{verb}", _said(name="x")),
    _verb("customers", "assign_agent", "/customers/{customer}/{verb}", _said(person=None)),
    _verb("customers", "retire_customer", "/customers/{customer}/{verb}"),
    _verb("customers", "add_site", "/customers/{customer}/{verb}", _said(name="x")),
    _verb("customers", "change_site", "/sites/{site}/{verb}", _said(name="x")),
    _verb("customers", "retire_site", "/sites/{site}/{verb}"),
    _verb("customers", "add_contact", "/customers/{customer}/{verb}", _said(name="x")),
    _verb("customers", "change_contact", "/contacts/{contact}/{verb}", _said(name="x")),
    _verb("customers", "retire_contact", "/contacts/{contact}/{verb}"),
    _read("get_consents", "customers.view", "/contacts/{contact}/consents"),
    _verb("customers", "state_consent", "/contacts/{contact}/{verb}", _said(survey=False, means="phone")),
    _verb("customers", "erase_contact", "/contacts/{contact}/{verb}", _said(why="asked")),
    _read("get_retention", "privacy.view_person", "/personal-data/retention", company=True),
    _read("get_personal_data", "privacy.view_person", "/personal-data/customer/{customer}"),
    _verb("privacy", "export_person", "/personal-data/customer/{customer}/{verb}"),
    _verb("customers", "erase_customer", "/customers/{customer}/{verb}", _said(why="asked")),
    _verb("notify", "set_contact_address", "/contacts/{contact}/{verb}", _said(open_id="x")),
    # catalogue
    _read("list_families", "catalogue.view", "/families", company=True),
    _read("list_models", "catalogue.view", "/models", company=True),
    _read("list_fault_classes", "catalogue.view", "/fault_classes", company=True),
    _read("list_parts", "catalogue.view", "/parts", company=True),
    _verb("catalogue", "add_family", "/families",
          _said(code="LIFT", name_zh="x", name_en="x", warranty_months=1), company=True),
    _verb("catalogue", "change_family", "/families/{family}/{verb}", _said(skills=["x"]), company=True),
    _verb("catalogue", "retire_family", "/families/{family}/{verb}", company=True),
    _verb("catalogue", "add_model", "/models", _said(family="never", maker="x", code="x", name="x"), company=True),
    _verb("catalogue", "change_model", "/models/{model}/{verb}", _said(family="never"), company=True),
    _verb("catalogue", "retire_model", f"/models/{NOBODY}/{{verb}}", company=True),
    _verb("catalogue", "add_fault_class", "/fault_classes",
          _said(code="door", name_zh="x", name_en="x", difficulty="basic"), company=True),
    _verb("catalogue", "change_fault_class", "/fault_classes/{fault}/{verb}", _said(family="never"), company=True),
    _verb("catalogue", "retire_fault_class", f"/fault_classes/{NOBODY}/{{verb}}", company=True),
    _verb("catalogue", "add_part", "/parts", _said(number="P-1", name_zh="x", name_en="x", unit="x"), company=True),
    _verb("catalogue", "change_part", "/parts/{part}/{verb}", _said(currency="XXX"), company=True),
    _verb("catalogue", "retire_part", f"/parts/{NOBODY}/{{verb}}", company=True),
    # equipment
    _list("list_machines", "/machines"), _read("get_machine", "", "/machines/{machine}"),
    _read("list_past_orders", "", "/machines/{machine}/past_orders"),
    _read("get_labels", "equipment.view", "/machines/labels?uid={machine}"),
    _list("list_imports", "/imports", "equipment.view_imports"),
    _verb("equipment", "add_machine", "/machines", lambda half: {
        "model": str(half.company.machine.model.uid), "site": str(half.company.site.uid)
    }),
    _verb("equipment", "change_machine", "/machines/{machine}/{verb}", _said(name="x")),
    _verb("equipment", "move_machine", "/machines/{machine}/{verb}", lambda half: {"site": str(half.company.site.uid)}),
    _verb("equipment", "retire_machine", "/machines/{machine}/{verb}"),
    _verb("equipment", "renew_label", "/machines/{machine}/{verb}"),
    _verb("equipment", "add_document", "/machines/{machine}/{verb}", files=_pdf),
    _verb("equipment", "import_batch", "/imports", files=_csv, company=True, also="customers.add_customer"),
    Operation(
        "dry_run", "equipment.import_batch", _at("/imports/dry_run"), files=_csv, company=True,
        also="customers.add_customer",
    ),
    _verb("equipment", "undo_import", "/imports/{batch}/{verb}"),
    _list("list_import_files", "/imports/files", "equipment.view_imports"),
    _read("get_import_file", "equipment.view_imports", "/imports/files/{import_file}"),
    _read("list_import_problems", "equipment.view_imports", "/imports/files/{import_file}/problems"),
    _verb("equipment", "open_import", "/imports/files", files=_nothing, company=True),
    _verb("equipment", "map_import", "/imports/files/{import_file}/{verb}", _said(columns={})),
    _verb("equipment", "start_import", "/imports/files/{import_file}/{verb}"),
    _verb("equipment", "drop_import", "/imports/files/{import_file}/{verb}"),
    # contracts
    _list("list_contracts", "/contracts"), _read("get_contract", "", "/contracts/{contract}"),
    _read("get_machine_entitlement", "", "/machines/{machine}/entitlement"),
    _verb("contracts", "add_contract", "/contracts", lambda half: {
        "number": "x", "customer": str(half.company.customer.uid), "level": "full", "starts_on": "2026-01-01",
        "ends_on": "2026-12-31", "value_minor": 1,
    }),
    _verb("contracts", "change_contract", "/contracts/{contract}/{verb}", _said(visits_per_year=7)),
    _verb("contracts", "set_contract_cover", "/contracts/{contract}/{verb}", lambda half: {
        "machines": [str(half.company.machine.uid)]
    }),
    _verb("contracts", "end_contract", "/contracts/{contract}/{verb}", _said(ends_on="2026-06-30", reason="price")),
    _verb("contracts", "renew_contract", "/contracts/{contract}/{verb}",
          _said(number="x", starts_on="2027-01-01", ends_on="2027-12-31")),
    # files
    _verb("files", "retire_attachment", "/files/{file}/{verb}"),
    _verb("files", "set_hold", "/files/{verb}", lambda half: {"kind": "machine", "uid": str(half.company.machine.uid)}),
    _verb("files", "lift_hold", "/files/{verb}", lambda half: {"kind": "order", "uid": str(half.open.uid)}),
)  # fmt: skip
# Where a thing of another region is named in the body, it is an unknown one.
NAMED = {"add_person", "add_service", "add_outlet", "add_customer", "add_machine", "add_contract"}
# What everybody may always do, of themselves.
OWN = {"change_own"}
