"""Positions and heads of the log."""

from collections.abc import Callable

import pytest

from certificates import awards, merkle, sequencing
from certificates.models import Certificate, Issuer, RegisterEntry, TreeHead
from tests.certificates.fixtures import MakeResult
from tests.plugins.time import SetClock


@pytest.fixture
def waiting(issuer: Issuer, make_result: MakeResult) -> list[Certificate]:
    return [awards.award(make_result(), by=awards.AWARDING_RULE) for _one in range(7)]


def test_entries_get_positions_from_zero_in_the_order_written(
    waiting: list[Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencing, "BATCH", 3)
    assert sequencing.number_entries() == 7
    positions = RegisterEntry.objects.order_by("pk").values_list("position", flat=True)
    assert list(positions) == list(range(7))
    assert all(RegisterEntry.objects.values_list("numbered_at", flat=True))


def test_numbering_again_changes_nothing(waiting: list[Certificate]) -> None:
    sequencing.number_entries()
    before = list(RegisterEntry.objects.order_by("pk").values_list("position", "numbered_at"))
    assert sequencing.number_entries() == 0
    assert list(RegisterEntry.objects.order_by("pk").values_list("position", "numbered_at")) == before


def test_a_head_grows_from_the_one_before(waiting: list[Certificate], make_result: MakeResult, at: SetClock) -> None:
    at("2026-03-02")
    assert sequencing.take_head().size == 0
    sequencing.number_entries()
    first = sequencing.take_head()
    awards.award(make_result(), by=awards.AWARDING_RULE)
    sequencing.number_entries()
    second = sequencing.take_head()
    leaves = [bytes(leaf) for leaf in RegisterEntry.objects.order_by("position").values_list("leaf_hash", flat=True)]
    assert (first.size, first.root_hash) == (7, merkle.root_of(leaves[:7]).hex())
    assert (second.size, second.root_hash) == (8, merkle.root_of(leaves).hex())


def test_a_head_is_noted_each_day_but_not_twice_a_day(at: SetClock, db: None) -> None:
    at("2026-03-02")
    assert sequencing.take_head() == sequencing.take_head()
    at("2026-03-03")
    sequencing.take_head()
    assert TreeHead.objects.count() == 2


def test_an_entry_counts_only_what_its_own_batch_holds(
    certificate: Certificate, make_certificate: Callable[..., Certificate]
) -> None:
    another = make_certificate()
    positions = [c.entries.get().position for c in (certificate, another)]
    assert positions == [0, 1]
