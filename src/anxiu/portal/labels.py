"""The short address that machines' labels carry."""

from django.urls import path

from anxiu.portal.report import short

urlpatterns = [path("<str:code>", short, name="label"), path("<str:code>/", short)]
