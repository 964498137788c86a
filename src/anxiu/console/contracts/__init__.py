"""Contracts in the console: list, page, verbs."""

from django.urls import path

from anxiu.console.contracts import verbs
from anxiu.console.contracts.detail import contract_page
from anxiu.console.contracts.listing import listed

urlpatterns = [
    path("contracts/", listed, name="contracts"),
    path("contracts/add/", verbs.add_contract, name="add_contract"),
    path("contracts/<uuid:uid>/", contract_page, name="contract"),
    path("contracts/<uuid:uid>/change/", verbs.change_contract, name="change_contract"),
    path("contracts/<uuid:uid>/cover/", verbs.set_contract_cover, name="set_contract_cover"),
    path("contracts/<uuid:uid>/renew/", verbs.renew_contract, name="renew_contract"),
    path("contracts/<uuid:uid>/end/", verbs.end_contract, name="end_contract"),
]
