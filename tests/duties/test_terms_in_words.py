"""What a rule asks, in words that can be read aloud."""

import pytest

from lms.duties import terms_in_words
from lms.duties.due_rules import CountsFrom, Due
from lms.duties.reminder_plan import ReminderPlan
from lms.duties.renewals import ExpiryBasis, Renewal, RenewalAsks
from lms.duties.year_days import YearDay


@pytest.mark.parametrize(
    ("due", "words", "newcomers"),
    [
        (Due(), "within 30 days of appointment", ""),
        (Due(CountsFrom.TRANSFER, True), "within 30 working days of starting in each such post", ""),
        (
            Due(CountsFrom.RULE, least_days=1),
            "within 30 days of the start of the rule",
            "Whoever comes later has at least 1 day.",
        ),
        (Due(CountsFrom.SIGN_IN), "within 30 days of their first sign-in", ""),
        (Due(CountsFrom.RESULT, after=1), "within 30 days of passing Ethics (ETH-1)", ""),
        (
            Due(CountsFrom.YEAR_DAY, least_days=14, each_year=YearDay(3, 31)),
            "by the next 31 March",
            "Whoever has less than 14 days until then has one year more.",
        ),
    ],
)
def test_by_when(due: Due, words: str, newcomers: str) -> None:
    assert terms_in_words.by_when(due, 30, after="Ethics (ETH-1)") == words
    assert terms_in_words.for_newcomers(due) == newcomers


@pytest.mark.parametrize(
    ("renewal", "months", "words"),
    [
        (Renewal(), None, []),
        (Renewal(), 1, ["A result counts for 1 month here."]),
        (Renewal(opens_days=90), None, ["It can be renewed in its last 90 days."]),
        (
            Renewal(ExpiryBasis.PREVIOUS, opens_days=45),
            12,
            ["A result counts for 12 months here.", "Renewed in its last 45 days, it counts on from its old end."],
        ),
        (Renewal(ExpiryBasis.YEAR_DAY, YearDay(2, 29)), None, ["A result counts until the next 29 February."]),
    ],
)
def test_how_long(renewal: Renewal, months: int | None, words: list[str]) -> None:
    assert terms_in_words.how_long(renewal, months) == words


def test_what_renews() -> None:
    assert terms_in_words.what_renews(Renewal(), []) == ""
    changes = Renewal(asks=RenewalAsks.CHANGES)
    assert terms_in_words.what_renews(changes, []) == "A renewal asks only for what has changed."
    one = Renewal(asks=RenewalAsks.REFRESHER, refreshers=(1,))
    assert terms_in_words.what_renews(one, ["A"]) == "After the first time it is renewed by the refresher A."


def test_the_usual_reminders() -> None:
    assert terms_in_words.reminders(ReminderPlan()) == [
        "When the duty begins: The learner.",
        "14 and 3 days before it is due: The learner.",
        "Every 7 days after it was due, at most 4 times: The learner, The supervisor.",
        "When it can be renewed: The learner.",
        "30 and 7 days before it runs out: The learner.",
    ]
