"""Codes of the files app, in words."""

from django.utils.translation import gettext_lazy as _

from anxiu.kernel.messages import register

register(
    refusals={
        "files.empty": _("The file is empty."),
        "files.too_large": _("The file is too large: {megabytes} MB. At most {limit} MB, please."),
        "files.not_taken": _(
            "This kind of file is not taken. Send a JPG, PNG or WebP photo, an MP4, MOV or WebM video, or a PDF."
        ),
        "files.heic": _(
            "HEIC photos cannot be shown everywhere. On the iPhone choose Settings, Camera, Formats, Most Compatible,"
            " or send the photo as JPG."
        ),
        "files.wrong_ending": _("The name ends in .{ending}, but the content is {found}."),
        "files.damaged": _("The file is damaged and cannot be opened. Please send it again."),
        "files.animated": _("Moving pictures are not taken. Send a still photo or a video."),
        "files.too_many_pixels": _("The picture has {millions} million pixels. At most {limit} million, please."),
        "files.active_document": _("The PDF contains a program. Print it to a new PDF and send that."),
        "files.wrong_family": _("This kind of file does not belong here."),
        "files.too_many": _("There are already {limit} files here."),
        "files.other_file": _("Another file was already sent under this identifier."),
        "files.erased": _("The time of keeping this file is over; its content was erased."),
        "files.on_hold": _("The file is under legal hold."),
        "files.away": _("Files cannot be kept at the moment. Try again in a few minutes, or without them."),
        "files.full": _("There is no room left for files. Try again without them, or call us."),
    },
    sentences={
        "files.file_attached": _("File added"),
        "files.attachment_retired": _("File removed"),
        "files.hold_set": _("Legal hold set on {files} files"),
        "files.hold_lifted": _("Legal hold lifted from {files} files"),
        "files.content_erased": _("Content of a file erased, its time of keeping being over"),
    },
)
