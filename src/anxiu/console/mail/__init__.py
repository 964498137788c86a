"""Pages about mail: mailboxes, and the mails that lie aside. A verb's address ends with its name."""

from django.urls import path

from anxiu.console.mail import pages, verbs

B, M = "mailboxes/<uuid:uid>/", "mails/<uuid:uid>/"
urlpatterns = [
    path("mails/", pages.mails_page, name="mails"),
    path(M, pages.mail_page, name="mail"),
    path(f"{M}take_mail_in/", verbs.take_mail_in, name="take_mail_in"),
    path(f"{M}dismiss_mail/", verbs.dismiss_mail, name="dismiss_mail"),
    path("mailboxes/", pages.mailboxes_page, name="mailboxes"),
    path("mailboxes/add_mailbox/", verbs.add_mailbox, name="add_mailbox"),
    path(B, pages.mailbox_page, name="mailbox"),
    path(f"{B}change_mailbox/", verbs.change_mailbox, name="change_mailbox"),
    path(f"{B}try_mailbox/", verbs.try_mailbox, name="try_mailbox"),
    path(f"{B}switch_mailbox_off/", verbs.switch_mailbox_off, name="switch_mailbox_off"),
    path(f"{B}switch_mailbox_on/", verbs.switch_mailbox_on, name="switch_mailbox_on"),
    path("orders/<uuid:uid>/reply_by_mail/", verbs.reply_by_mail, name="reply_by_mail"),
]
