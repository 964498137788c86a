"""People and what they may do and see."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from anxiu.accounts.choices import Bundle, LinkPurpose, PostCode, Reach
from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7


class Region(models.Model):
    """A part of the country that is served together; the unit of row scope and of pilots."""

    code = models.SlugField(max_length=32, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=48, blank=True, default="")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name_zh


class Outlet(models.Model):
    """A service outlet of a region: our own or a partner's."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="outlets")
    code = models.SlugField(max_length=32, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    is_partner = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name_zh


class People(BaseUserManager["Person"]):
    """Lets Django find a person by what they log in with."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who logs in. What they may do comes from their posts, never from flags on this row.

    A service account is a row here too, so that what it does stands under its name: a program's, with no password and
    no way to log in; called by keys only.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True, default="")
    name_key = models.CharField(max_length=120, blank=True, default="")
    phone = models.CharField(max_length=32, blank=True, default="")
    language = models.CharField(max_length=8, default="zh-hans")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    manager = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="reports")
    photo_digest = models.CharField(max_length=64, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_service = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=32, blank=True, default="")
    source_id = models.CharField(max_length=64, blank=True, default="")
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name_key", "id"], name="person_by_name")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~models.Q(source=""), name="person_imported_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Post(models.Model):
    """A post with its permissions as data. `known` lists the permissions that were offered to it so far."""

    code = models.SlugField(max_length=32, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    reach = models.CharField(max_length=8, choices=choices(Reach), default=Reach.REGION)
    permissions = ArrayField(models.CharField(max_length=64), default=list)
    known = ArrayField(models.CharField(max_length=64), default=list, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name_zh

    @property
    def is_built_in(self) -> bool:
        """Whether the installation came with it."""
        return self.code in {each.value for each in PostCode}


class Holding(models.Model):
    """A person holds a post, in one region or, with none, wherever the post's reach goes."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "post", "region"], nulls_distinct=False, name="one_holding")
        ]


def everything() -> list[str]:
    """What keys could do before they were narrowed."""
    return [Bundle.EVERYTHING.value]


class Client(models.Model):
    """What a service account asks for short-lived access with: an id, and at most two secrets at a time."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="clients")
    client_id = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80)
    bundles = ArrayField(models.CharField(max_length=16, choices=choices(Bundle)))
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)


class ClientSecret(models.Model):
    """One secret of a client; only its digest is stored."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="secrets")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)


class ApiToken(models.Model):
    """A key for a program, acting as its account within its bundles; only its digest is stored.

    One with a `client` is an access token that the client asked for: it ends within the hour.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="tokens")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    bundles = ArrayField(models.CharField(max_length=16, choices=choices(Bundle)), default=everything)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)


class TokenUse(models.Model):
    """When a key was last used, to a few minutes: beside it, so that calling writes no row that others read."""

    token = models.OneToOneField(ApiToken, on_delete=models.CASCADE, primary_key=True, related_name="use")
    last_at = models.DateTimeField()


class Link(models.Model):
    """A door for somebody without an account: one purpose, one thing, an end, revocable; only its digest is stored."""

    purpose = models.CharField(max_length=16, choices=choices(LinkPurpose))
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    contact_id = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id"], name="link_subject")]


class Identity(models.Model):
    """Whom the company's login service knows a person as: its own key for them, never their address."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_person_a_subject"),
            models.UniqueConstraint(fields=["issuer", "person"], name="one_subject_a_person"),
        ]
