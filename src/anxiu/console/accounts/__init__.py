"""Pages about accounts: people, posts, regions and outlets, and one's own account."""

from django.urls import path

from anxiu.console.accounts import service_verbs, verbs
from anxiu.console.accounts.listing import accounts, places, post_matrix
from anxiu.console.accounts.person import my_account, my_email, person, set_language
from anxiu.console.accounts.services import service, services_page

urlpatterns = [
    path("people/", accounts, name="accounts"),
    path("people/add/", verbs.add_person, name="add_person"),
    path("people/<uuid:uid>/", person, name="person"),
    path("people/<uuid:uid>/change/", verbs.change_person, name="change_person"),
    path("people/<uuid:uid>/close/", verbs.retire_person, name="retire_person"),
    path("people/<uuid:uid>/erase/", verbs.erase_person, name="erase_person"),
    path("people/<uuid:uid>/keys/add/", verbs.issue_token, name="issue_token"),
    path("people/<uuid:uid>/password/", verbs.make_password_link, name="make_password_link"),
    path("people/keys/<int:pk>/revoke/", verbs.revoke_token, name="revoke_token"),
    path("people/services/", services_page, name="services"),
    path("people/services/add/", service_verbs.add_service, name="add_service"),
    path("people/services/<uuid:uid>/", service, name="service"),
    path("people/services/<uuid:uid>/change/", service_verbs.change_service, name="change_service"),
    path("people/services/<uuid:uid>/suspend/", service_verbs.suspend_service, name="suspend_service"),
    path("people/services/<uuid:uid>/resume/", service_verbs.resume_service, name="resume_service"),
    path("people/services/<uuid:uid>/end/", service_verbs.retire_service, name="retire_service"),
    path("people/services/<uuid:uid>/clients/add/", service_verbs.add_client, name="add_client"),
    path("people/clients/<int:pk>/secret/", service_verbs.add_client_secret, name="add_client_secret"),
    path("people/clients/<int:pk>/revoke/", service_verbs.revoke_client, name="revoke_client"),
    path("people/secrets/<int:pk>/revoke/", service_verbs.revoke_client_secret, name="revoke_client_secret"),
    path("people/posts/", post_matrix, name="posts"),
    path("people/posts/<slug:code>/change/", verbs.change_post, name="change_post"),
    path("people/places/", places, name="places"),
    path("people/regions/add/", verbs.add_region, name="add_region"),
    path("people/regions/<slug:code>/change/", verbs.change_region, name="change_region"),
    path("people/outlets/add/", verbs.add_outlet, name="add_outlet"),
    path("people/outlets/<slug:code>/change/", verbs.change_outlet, name="change_outlet"),
    path("me/", my_account, name="my_account"),
    path("me/email/", my_email, name="my_email"),
    path("i18n/language/", set_language, name="set_language"),
]
