"""The synchronous part of the web process: every page and API call."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxiu.project.settings")
application = get_wsgi_application()
