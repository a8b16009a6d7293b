"""Every test process works on its own quick copy of a migrated database.

SQLite by default; `TEST_DATABASE_URL` names a PostgreSQL whose user may create databases. Committing tests
(`transactional_db`, `django_db(transaction=True)`) leave nothing behind: afterwards the copy is made anew, so that
rows that migrations put there, such as Wagtail's root page, are there for the next test.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from tests.plugins.template_database import PostgresTemplate, SqliteTemplate, TemplateDatabase


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> TemplateDatabase:
    """Where this process's database comes from, and is made anew from."""
    if connection.vendor == "sqlite":
        return SqliteTemplate(tmp_path_factory.mktemp("database"))
    return PostgresTemplate(f"{os.getpid()}_{worker_id}")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, template_database: TemplateDatabase
) -> Iterator[None]:
    """In place of pytest-django's, which would migrate once for every process."""
    with django_db_blocker.unblock():
        template_database.prepare()
        template_database.restore()

    def restore_after_commits(case: TransactionTestCase) -> None:
        connections.close_all()
        template_database.restore()

    # Blocked again: a test that does not ask for the database would leave its rows to all that follow.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", restore_after_commits)
        yield
    with django_db_blocker.unblock():
        connections.close_all()
        template_database.drop()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """The cache outlives a test's transaction, so it is emptied."""
    yield
    cache.clear()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, on SQLite, what only PostgreSQL answers, and on PostgreSQL what does not depend on the database.

    `make test` runs both, so nothing is left out there.
    """
    not_here = "once" if os.environ.get("TEST_DATABASE_URL") else "postgres_only"
    elsewhere = [item for item in items if item.get_closest_marker(not_here)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


def pytest_report_header(config: pytest.Config) -> str:
    """Say which database this run is about."""
    return f"database: {'PostgreSQL' if os.environ.get('TEST_DATABASE_URL') else 'SQLite'}"


def database_url() -> str:
    """The address of this process's test database, for a real process that is to share it."""
    to: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{to['NAME']}"
    return f"postgres://{to['USER']}:{to['PASSWORD']}@{to['HOST']}:{to['PORT']}/{to['NAME']}"
