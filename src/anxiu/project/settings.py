"""Django settings: one file for every installation; what differs comes from `environment.py`."""

import importlib.util
import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from anxiu.project.environment import ROOT, env
from anxiu.project.watching.lines import formatter, is_watched

# ---- apps, lowest first: the same order as the import contract in pyproject.toml ----------------------------------
APPS = [
    "kernel", "accounts", "files", "regulation", "duties", "uptake", "customers", "workforce", "catalogue", "equipment",
    "contracts", "sla", "orders", "mail", "feedback", "kpi", "hooks", "notify", "trace", "privacy", "console", "api",
    "portal", "demo",
]  # fmt: skip
# The library of the API is not among them, or every process would load it: what it shows is found by its folders.
NINJA = Path(importlib.util.find_spec("ninja").submodule_search_locations[0])  # type: ignore[union-attr,index]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_vite",
    "csp",
    "procrastinate.contrib.django",
    *(f"anxiu.{app}" for app in APPS if importlib.util.find_spec(f"anxiu.{app}")),
    "anxiu.project",
]
MIDDLEWARE = [
    "anxiu.project.watching.answering.watched",
    "anxiu.project.api_urls.addressed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "anxiu.project.caching.unkept",
    "anxiu.kernel.refused.keep",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "anxiu.project.staying.Staying",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "anxiu.project.addresses.legible",
]
ROOT_URLCONF = "anxiu.project.urls"
WSGI_APPLICATION = "anxiu.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_NAME = "Anxiu"
ENV = env


def _secret_key() -> str:
    """The configured key, or one made once for this installation and kept with its data."""
    if key := env.secret_key.get_secret_value():
        return key
    path = env.data_dir / "secret-key"
    if not path.exists():
        # As root others may pass through, not look in: the embedded database runs as an ordinary user.
        env.data_dir.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


SECRET_KEY = _secret_key()
DEBUG = env.debug
ALLOWED_HOSTS = [host for host in env.allowed_hosts.split(",") if host]
if env.test:
    ALLOWED_HOSTS.append("testserver")


# ---- database ------------------------------------------------------------------------------------------------------
# Planning was most of what our statements cost the database. A prepared statement is planned once a connection; and
# where a dozen rows stand around an order, trying the joins in other orders than ours only takes time.
_any = {
    "application_name": "anxiu",
    "connect_timeout": 10,  # a server that does not answer at all is reported, not waited for
}
_direct = _any | {
    "server_side_binding": True,
    "prepare_threshold": 2,
    "options": "-c join_collapse_limit=4",
}


TLS = ("sslmode", "sslrootcert")


def _database(url: str) -> dict[str, object]:
    """A `postgresql://user:password@host:port/name?host=/socket/folder` address as Django wants it."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "ENGINE": "anxiu.project.database",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or query.get("port", [""])[0]),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": (_any if env.pooler else _direct) | {name: query[name][0] for name in TLS if name in query},
        "TEST": {"NAME": f"test_anxiu{env.test_suffix}"},
    }


DATABASES = {"default": _database(env.database_url or "postgresql:///anxiu")}

# Only limits on logins are kept here. In the database, so that they hold however many web processes there are; and
# room for many, so that a flood of addresses does not push the counts of others out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# ---- people --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["anxiu.accounts.backend.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SSO = env.sso()
MFA_POSTS = frozenset(each.strip() for each in env.mfa_posts.split(",") if each.strip())
SESSION_IDLE, SESSION_COOKIE_AGE = env.session_idle * 60, env.session_life * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "anxiu.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "5/5m/key,30/m/ip"}
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
# Addresses are entered by whoever opens the account, so allauth has no verified one to ask for.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# No mail to addresses we do not know: it would invite strangers to sign up, which nobody can.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

# ---- language, time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = env.language
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
# Named one by one so that our own words win over those of Django and allauth, whichever app comes first.
LOCALE_PATHS = [ROOT / "src/anxiu/locale", *sorted((ROOT / "src/anxiu").glob("*/locale"))]
LANGUAGE_COOKIE_NAME = "anxiu_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.time_zone

# ---- pages, files --------------------------------------------------------------------------------------------------
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before the apps' own: our login pages replace those of allauth, whichever app comes first.
        "DIRS": [ROOT / "src/anxiu/console/templates", NINJA / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "anxiu.project.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
STATIC_URL = "/static/"
STATIC_ROOT = env.data_dir / "static"
STATICFILES_DIRS = [path for path in [ROOT / "frontend/dist", NINJA / "static"] if path.exists()]
STORAGES = {
    "default": {"BACKEND": "anxiu.files.bucket.Bucket", "OPTIONS": env.bucket()}
    if env.files_bucket
    else {
        "BACKEND": "anxiu.files.folder.Folder",
        "OPTIONS": {"location": str(env.media_dir or env.data_dir / "media")},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if env.test
        else "whitenoise.storage.CompressedStaticFilesStorage"
    },
}
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/assets/.+-[\w-]{8}\.\w+$"
DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": str(ROOT / "frontend/dist/manifest.json")}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
# The data folder may have to let the database's user through: media close themselves.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MEDIA_ROOT = Path(str(env.media_dir or env.data_dir / "media"))
DOCUMENT_FONTS = ROOT / "frontend/dist/fonts"

# ---- security ------------------------------------------------------------------------------------------------------
_https = env.public_url.startswith("https:")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # pages bring the token themselves
SESSION_ENGINE = "anxiu.project.sessions"
SESSION_COOKIE_NAME = "anxiu_session"
CSRF_COOKIE_NAME = "anxiu_csrf"
CSRF_TRUSTED_ORIGINS = [env.public_url]
CSRF_FAILURE_VIEW = "anxiu.project.views.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'"],
        "style-src": ["'self'"],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# ---- mail ----------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.mail_from
_smtp = urlsplit(env.smtp_url) if env.smtp_url else None
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _smtp.hostname or "" if _smtp else ""
EMAIL_PORT = (_smtp.port or 25) if _smtp else 25
EMAIL_HOST_USER = unquote(_smtp.username or "") if _smtp else ""
EMAIL_HOST_PASSWORD = unquote(_smtp.password or "") if _smtp else ""
EMAIL_USE_SSL = bool(_smtp and _smtp.scheme == "smtps")
EMAIL_USE_TLS = bool(_smtp and _smtp.scheme == "smtp+tls")
EMAIL_TIMEOUT = 20

# ---- the API ---------------------------------------------------------------------------------------------------------
API_RATE = 0 if env.test else env.api_rate

# ---- webhooks --------------------------------------------------------------------------------------------------------
HOOKS_TO_LOOPBACK = env.hooks_to_loopback

# ---- mail that comes in ----------------------------------------------------------------------------------------------
MAIL_SERVERS_INSIDE = env.mail_servers_inside

# ---- logs: no paths, no request bodies, no personal data -------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": formatter(env.log)}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING" if env.test else "INFO"},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        **({name: {"level": "WARNING"} for name in ("anxiu.request", "anxiu.job")} if is_watched(env.log) else {}),
    },
}
