"""`anxiu administrator`: the first login of an installation, or a way back in; whoever may run it owns the database."""

import argparse
import os
import sys

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse

from anxiu.accounts.actions import NewPerson, add_person, change_person, make_password_link
from anxiu.accounts.models import Person
from anxiu.accounts.queries import actor_of
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import now

# Accounts are the administrator's and engineers are human resources': who sets a company up needs both.
POSTS = (("administrator", None), ("hr", None))


def main(arguments: list[str]) -> int:
    """Open an account that sets up the company, or find it; print a link with which its owner chooses a password."""
    parser = argparse.ArgumentParser(
        prog="anxiu administrator",
        description="Open the first account, or make a new link for one that exists · 开通首个管理员账号或重新生成链接",
    )
    parser.add_argument("email", help="address to log in with · 登录邮箱")
    parser.add_argument("--name", help="name of the person (default: the address) · 姓名")
    parser.add_argument("--address", default="", help="where the site is, as `anxiu run` prints it · 站点地址")
    chosen = parser.parse_args(arguments)
    email = chosen.email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        parser.error(" ".join(error.messages))
    person = Person.objects.filter(email=email).first()
    if person is None:
        new = NewPerson(name=chosen.name or email.partition("@")[0], email=email, posts=POSTS)
        person = add_person(actor=SYSTEM, at=now(), new=new)
    elif not person.is_active:
        parser.error("this account is closed; an administrator opens it again · 该账号已停用，请由管理员重新启用")
    elif not actor_of(person).may("accounts.change_post"):
        held = person.holdings.values_list("post__code", "region_id")
        change_person(actor=SYSTEM, at=now(), person_id=person.pk, changes={}, posts=(*held, *POSTS))
    uidb36, key = make_password_link(actor=SYSTEM, at=now(), person_id=person.pk)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": key})
    site = chosen.address or os.environ.get("ANXIU_PUBLIC_URL") or "http://127.0.0.1:8000"
    sys.stdout.write(f"{site.rstrip('/')}{path}\n")
    return 0
