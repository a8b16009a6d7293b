"""One-time codes: made of plain letters, kept as a hash, good once and for a while, and silent about what is wrong."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from pytest_django import Settings

from lms.core import clock
from lms.core.errors import Refused
from lms.core.models import AuditEntry
from lms.organisation import codes, logins
from lms.organisation.models import CodeState, OneTimeCode, User
from tests.cast import BY, Office
from tests.plugins.time import SetClock

pytestmark = pytest.mark.django_db


def test_a_code_has_two_groups_of_letters_that_nobody_confuses(learner: User) -> None:
    _row, code = codes.issue(learner, by=BY)
    assert re.fullmatch(f"[{codes.ALPHABET}]{{4}}-[{codes.ALPHABET}]{{4}}", code)
    assert not set("01258IOLSZBUAE") & set(codes.ALPHABET)
    assert len({codes.issue(learner, by=BY)[1] for _time in range(20)}) == 20


def test_only_a_hash_is_kept(learner: User) -> None:
    row, code = codes.issue(learner, by=BY)
    kept = OneTimeCode.objects.get(pk=row.pk)
    assert code not in kept.code_hash
    assert code.replace("-", "") not in kept.code_hash
    assert codes.fits(kept, code)
    assert "code" not in str(AuditEntry.objects.get(action="one-time code issued").details)


def test_a_code_is_used_as_typed_once_and_asks_for_a_password(learner: User, at: SetClock) -> None:
    moment = at("2026-03-02T09:00")
    row, code = codes.issue(learner, by=BY)
    user = codes.redeem(learner, f" {code.lower().replace('-', ' ')} ")
    row.refresh_from_db()
    assert (row.used_at, row.state, user.must_set_password) == (moment, CodeState.USED, True)
    assert AuditEntry.objects.filter(action="signed in by one-time code", by_user=learner).count() == 1


def test_an_old_password_no_longer_opens_a_login_that_a_code_opened(learner: User) -> None:
    learner.set_password("old password")
    learner.save()
    codes.redeem(learner, codes.issue(learner, by=BY)[1])
    assert not User.objects.get(pk=learner.pk).check_password("old password")


def test_until_the_code_is_used_the_old_password_stands(learner: User) -> None:
    learner.set_password("old password")
    learner.save()
    codes.issue(learner, by=BY)
    assert User.objects.get(pk=learner.pk).check_password("old password")


def test_whatever_is_wrong_sounds_the_same_and_takes_one_hash(
    learner: User, stranger: User, colleague: User, at: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("2026-03-02T09:00")
    used = codes.issue(learner, by=BY)[1]
    codes.redeem(learner, used)
    withdrawn = codes.issue(stranger, by=BY)[1]
    codes.withdraw(stranger, by=BY)
    expired = codes.issue(colleague, by=BY)[1]
    at("2026-03-16T09:00")
    hashes: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def counted(self: hashers.MD5PasswordHasher, password: str, salt: str) -> str:
        hashes.append(salt)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    sentences = set()
    for user, code in [
        (learner, used), (stranger, withdrawn), (colleague, expired), (colleague, "CDFG-CDFG"), (None, used), (None, ""),
    ]:  # fmt: skip
        with pytest.raises(Refused) as refused:
            codes.redeem(user, code)
        sentences.add(str(refused.value))
    assert len(sentences) == 1
    assert len(hashes) == 6


def test_its_issuer_is_told_the_state(learner: User, at: SetClock) -> None:
    at("2026-03-02T09:00")
    first, _code = codes.issue(learner, by=BY)
    second, _code = codes.issue(learner, by=BY)
    first.refresh_from_db()
    assert (first.state, second.state) == (CodeState.WITHDRAWN, CodeState.UNUSED)
    at("2026-03-16T08:59")
    assert second.state == CodeState.UNUSED
    at("2026-03-16T09:00")
    assert str(second.state) == "expired"


def test_the_days_are_a_setting(learner: User, settings: Settings) -> None:
    settings.ONE_TIME_CODE_DAYS = 3
    row, _code = codes.issue(learner, by=BY)
    assert row.expires_at - row.issued_at == timedelta(days=3)
    assert abs(row.issued_at - clock.now()) < timedelta(minutes=1)


def test_a_new_code_withdraws_the_older_one(learner: User) -> None:
    first = codes.issue(learner, by=BY)[1]
    second = codes.issue(learner, by=BY)[1]
    with pytest.raises(Refused):
        codes.redeem(learner, first)
    assert codes.redeem(learner, second)


def test_a_closed_login_gets_no_code_and_uses_none(learner: User) -> None:
    code = codes.issue(learner, by=BY)[1]
    logins.close_login(learner, by=BY)
    with pytest.raises(Refused, match="were not accepted"):
        codes.redeem(learner, code)
    with pytest.raises(Refused, match="login is closed"):
        codes.issue(learner, by=BY)


def test_somebody_elses_code_opens_nothing(learner: User, stranger: User) -> None:
    code = codes.issue(learner, by=BY)[1]
    codes.issue(stranger, by=BY)
    with pytest.raises(Refused):
        codes.redeem(stranger, code)
    assert codes.redeem(learner, code)


def test_a_code_that_another_tab_uses_first_is_not_used_twice(learner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    row, code = codes.issue(learner, by=BY)
    fits = codes.fits

    def fits_but_somebody_is_quicker(found: OneTimeCode, typed: str) -> bool:
        OneTimeCode.objects.filter(pk=row.pk).update(used_at=clock.now())
        return fits(found, typed)

    monkeypatch.setattr(codes, "fits", fits_but_somebody_is_quicker)
    with pytest.raises(Refused):
        codes.redeem(learner, code)


def test_codes_of_an_office_are_one_each(office: Office, learner: User, colleague: User) -> None:
    made = codes.issue_all([learner, colleague], by=BY)
    assert [row.user for row, _code in made] == [learner, colleague]
    assert made[0][1] != made[1][1]
    assert AuditEntry.objects.filter(action="one-time code issued").count() == 2
