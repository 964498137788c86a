"""Posts: those every installation starts with, and what each may do."""

from datetime import datetime
from typing import Final

from anxiu.accounts.choices import PostCode, Reach
from anxiu.accounts.events import PostChanged
from anxiu.accounts.models import Post
from anxiu.kernel.action import action, default_posts, in_transaction
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.events import record

BUILT_IN: Final = {
    PostCode.AGENT: ("客服专员", "Customer-service agent", Reach.REGION),
    PostCode.DISPATCHER: ("调度员", "Dispatcher", Reach.REGION),
    PostCode.ENGINEER: ("服务工程师", "Service engineer", Reach.OWN),
    PostCode.SUPERVISOR: ("售后主管", "After-sales supervisor", Reach.REGION),
    PostCode.WAREHOUSE: ("仓库管理员", "Warehouse", Reach.REGION),
    PostCode.HR: ("人事", "Human resources", Reach.COMPANY),
    PostCode.FINANCE: ("财务", "Finance", Reach.COMPANY),
    PostCode.MANAGEMENT: ("管理层", "Management", Reach.COMPANY),
    PostCode.PARTNER: ("合作网点", "Partner", Reach.OWN),
    PostCode.ADMINISTRATOR: ("系统管理员", "Administrator", Reach.COMPANY),
}


def install_posts() -> None:
    """Create the built-in posts, and offer each post the permissions it has not been offered yet.

    Run after every migration. What a company took away from a post stays away.
    """

    def work() -> None:
        defaults = default_posts()
        for code, (zh, en, reach) in BUILT_IN.items():
            Post.objects.get_or_create(code=code, defaults={"name_zh": zh, "name_en": en, "reach": reach})
        for post in Post.objects.select_for_update():
            new = defaults.keys() - set(post.known)
            if new:
                granted = {name for name in new if post.code in defaults[name]}
                post.permissions = sorted(set(post.permissions) | granted)
                post.known = sorted(set(post.known) | new)
                post.save(update_fields=["permissions", "known"])

    in_transaction(work)


@action(posts={"administrator"})
def change_post(*, actor: Actor, at: datetime, code: str, permissions: frozenset[str]) -> Post:
    """Set what a post may do.

    Records: PostChanged. Refuses: a permission that does not exist; an administrator post that could not change posts.
    """
    post = Post.objects.select_for_update().filter(code=code).first()
    if post is None:
        raise NotFound("kernel.not_found")
    if unknown := permissions - default_posts().keys():
        raise Invalid("accounts.unknown_permission", field="permissions", permission=", ".join(sorted(unknown)))
    if code == PostCode.ADMINISTRATOR and "accounts.change_post" not in permissions:
        raise Invalid("accounts.locked_out", field="permissions")
    before = set(post.permissions)
    post.permissions = sorted(permissions)
    post.save(update_fields=["permissions"])
    record(
        PostChanged(code, tuple(sorted(permissions - before)), tuple(sorted(before - permissions))),
        subject=Subject("post", post.pk), region_id=None, actor=actor, at=at,
    )  # fmt: skip
    return post
