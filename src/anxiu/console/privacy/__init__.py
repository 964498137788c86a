"""Personal data: whose, how long it is kept, and what a person takes along."""

from anxiu.console.privacy import keeping, pages

urlpatterns = [*pages.urlpatterns, *keeping.urlpatterns]
