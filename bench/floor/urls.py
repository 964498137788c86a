"""The floor's addresses."""

from django.urls import path

from bench.floor import views

urlpatterns = [
    path("api/orders", views.orders),
    path("api/orders/<uuid:uid>", views.order),
    path("api/orders/<uuid:uid>/state", views.change),
    path("orders/", views.orders_page),
    path("orders/<uuid:uid>/", views.order_page),
]
