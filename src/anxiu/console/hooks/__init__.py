"""Pages about webhooks. A verb's address ends with its name."""

from django.urls import path

from anxiu.console.hooks import pages, verbs

T, D = "hooks/<uuid:uid>/", "hooks/log/<uuid:uid>/"
urlpatterns = [
    path("hooks/", pages.hooks, name="hooks"),
    path("hooks/log/", pages.hook_log, name="hook_log"),
    path("hooks/add_target/", verbs.add_target, name="add_target"),
    path(T, pages.hook, name="hook"),
    path(f"{T}change_target/", verbs.change_target, name="change_target"),
    path(f"{T}renew_secret/", verbs.renew_secret, name="renew_secret"),
    path(f"{T}send_test/", verbs.send_test, name="send_test"),
    path(f"{T}repeat_deliveries/", verbs.repeat_deliveries, name="repeat_deliveries"),
    path(f"{T}switch_target_off/", verbs.switch_target_off, name="switch_target_off"),
    path(f"{T}switch_target_on/", verbs.switch_target_on, name="switch_target_on"),
    path(D, pages.hook_delivery, name="hook_delivery"),
    path(f"{D}repeat_delivery/", verbs.repeat_delivery, name="repeat_delivery"),
]
