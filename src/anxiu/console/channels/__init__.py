"""Pages about the channels of notices. A verb's address ends with its name."""

from django.urls import path

from anxiu.console.channels import pages, people

C = "channels/<slug:medium>/"
urlpatterns = [
    path("channels/", pages.channels, name="channels"),
    path("inbox/choose_channels/", people.choose_channels, name="choose_channels"),
    path(C, pages.channel, name="channel"),
    path(f"{C}set_up_channel/", pages.set_up_channel, name="set_up_channel"),
    path(f"{C}test_channel/", pages.test_channel, name="test_channel"),
    path("accounts/<uuid:uid>/set_person_addresses/", people.set_person_addresses, name="set_person_addresses"),
    path("contacts/<uuid:uid>/set_contact_address/", people.set_contact_address, name="set_contact_address"),
]
