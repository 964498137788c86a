import pytest

from anxiu.kernel.time import now
from anxiu.regulation.queries import in_force

pytestmark = pytest.mark.django_db


def test_a_new_installation_has_the_default_regulation_in_force():
    version = in_force(None, "", now())
    assert (version.code, version.in_force_from) == ("default-1", None)
