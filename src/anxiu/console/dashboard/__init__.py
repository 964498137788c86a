"""The dashboard: indicators against their targets, what recurs and when, and the orders behind each figure."""

from django.urls import path

from anxiu.console.dashboard.lists import orders_page, people_page
from anxiu.console.dashboard.pages import dashboard, indicator_page
from anxiu.console.dashboard.today import today

urlpatterns = [
    path("dashboard/", dashboard, name="dashboard"),
    path("today/", today, name="today"),
    path("dashboard/<slug:code>/", indicator_page, name="indicator"),
    path("dashboard/<slug:code>/orders/", orders_page, name="indicator_orders"),
    path("dashboard/<slug:code>/people/", people_page, name="indicator_people"),
]
