from importlib import import_module

from django.apps import AppConfig


class SlowJobConfig(AppConfig):
    name = "tests.ops.slow_job"

    def ready(self) -> None:
        """Models may be imported from here on only."""
        import_module("tests.ops.slow_job.job").offer()
