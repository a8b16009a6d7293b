"""Django's deployment checks on the production settings, with secrets made up for the occasion."""

import os
import secrets
import subprocess
import sys

PRETENDED = {
    "DJANGO_SETTINGS_MODULE": "lms.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "training.example",
    "BASE_URL": "https://training.example",
    "DATABASE_URL": "postgres://frontline@localhost/frontline",
    "REDIS_URL": "redis://localhost:6379/0",
    "DEFAULT_FROM_EMAIL": "training@training.example",
}


def main() -> int:
    """Exit code of `manage.py check --deploy`; a warning counts as a failure."""
    kept = {name: value for name, value in os.environ.items() if name != "FRONTLINE_CLOCK"}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, env=kept | PRETENDED, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
