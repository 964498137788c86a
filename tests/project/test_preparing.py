"""What `anxiu prepare` does to a database that stands."""

import pytest

from anxiu.accounts.models import Post
from anxiu.project.preparing import migrate


@pytest.mark.django_db
def test_permissions_of_a_release_without_migrations_reach_the_posts():
    agent = Post.objects.get(code="agent")
    for permissions in (agent.permissions, agent.known):
        permissions.remove("orders.open_order")
    agent.save()
    migrate()
    agent.refresh_from_db()
    assert "orders.open_order" in agent.permissions


@pytest.mark.django_db
def test_what_was_taken_from_a_post_stays_taken():
    agent = Post.objects.get(code="agent")
    agent.permissions.remove("orders.open_order")
    agent.save()
    migrate()
    agent.refresh_from_db()
    assert "orders.open_order" not in agent.permissions
