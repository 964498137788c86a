import pytest
from django.test import Client
from django.urls import reverse

from anxiu.accounts.models import Person
from anxiu.catalogue.models import Family, FaultClass, Model, Part
from tests.given.assets import a_family, a_person, a_region

pytestmark = pytest.mark.django_db
BACKEND = "anxiu.accounts.backend.Backend"


def login(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, backend=BACKEND)
    return client


def test_a_supervisor_fills_the_catalogue_in_dialogs_and_everybody_reads_it() -> None:
    region = a_region()
    client = login(a_person("supervisor", region))
    names = {"name_zh": "循环水泵", "name_en": "Circulation pumps"}
    family = {"key": "1", "code": "PUMP", **names, "warranty_months": 18, "statutory_guarantee_days": 30}
    assert client.post(reverse("add_family"), family).status_code == 204
    pump = Family.objects.get(code="PUMP")
    model = {"key": "2", "family_id": pump.pk, "maker": "格兰富", "code": "CR45", "name": "CR 45-2"}
    assert client.post(reverse("add_model"), model).status_code == 204
    fault = {"key": "3", "code": "LEAK", "name_zh": "渗漏", "name_en": "Leak", "family_id": pump.pk}
    words = {"difficulty": "basic", "severity_hint": "normal", "keywords_zh": "漏水，渗水、漏水", "keywords_en": "leak"}
    assert client.post(reverse("add_fault_class"), {**fault, **words}).status_code == 204
    part = {"key": "4", "number": "SEAL-1", "name_zh": "机械密封", "name_en": "Seal", "unit": "个", "price": "1234.5"}
    assert client.post(reverse("add_part"), {**part, "currency": "CNY", "fits_families": [pump.pk]}).status_code == 204
    assert FaultClass.objects.get().keywords_zh == ["漏水", "渗水"]
    assert Part.objects.get().price_minor == 123450
    reader = login(a_person("engineer", region))
    shown = [reader.get(reverse(name)).content.decode() for name in ("catalogue", "fault_classes", "parts")]
    assert ["18 months" in shown[0], "CR 45-2" in shown[0], "漏水、渗水" in shown[1], "¥1,234.50" in shown[2]] == [True] * 4
    assert not any("data-dialog=\"/catalogue" in page for page in shown)
    found = reader.get(reverse("parts"), {"q": "jixie"}).content.decode()
    assert "SEAL-1" in found


def test_the_catalogue_is_changed_and_closed_in_dialogs() -> None:
    client = login(a_person("supervisor", a_region()))
    family = a_family("PUMP", 12)
    change = {"key": "1", "name_zh": family.name_zh, "name_en": family.name_en, "warranty_months": 24}
    assert client.post(reverse("change_family", args=[family.uid]), {**change, "statutory_guarantee_days": 0}).status_code == 204
    family.refresh_from_db()
    assert family.warranty_months == 24
    client.post(reverse("add_model"), {"key": "2", "family_id": family.pk, "maker": "A", "code": "B", "name": "C"})
    model = Model.objects.get()
    refused = client.post(reverse("retire_family", args=[family.uid]), {"key": "3"})
    assert (refused.status_code, "This family still has models." in refused.content.decode()) == (422, True)
    assert client.post(reverse("retire_model", args=[model.uid]), {"key": "4"}).status_code == 204
    assert client.post(reverse("retire_family", args=[family.uid]), {"key": "5"}).status_code == 204


@pytest.mark.parametrize("name", ["add_family", "add_model", "add_fault_class", "add_part"])
def test_an_agent_does_not_change_the_catalogue(name: str) -> None:
    assert login(a_person("agent", a_region())).get(reverse(name)).status_code == 403
