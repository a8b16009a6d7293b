"""The country on the database of DATABASE_URL, for looking at by hand: `python -m tests.benchmarks.make_country 13000`."""

import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    print(import_module("tests.benchmarks.country").make(*map(int, sys.argv[1:])))  # noqa: T201  (a command of its own: it answers)
