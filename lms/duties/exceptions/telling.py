"""Why a duty is as it is, in sentences that can be read aloud. Words only: what is said was decided in `explaining`."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core.words import day_in_words
from lms.duties.days import OPEN, Days, or_none
from lms.duties.exceptions.explaining import Demand, Explained, Stop, Turn
from lms.duties.reach import Place
from lms.duties.spans import Standing, State

_ONE_DAY = timedelta(days=1)


def headline(standing: Standing) -> str:
    """Where the person stands, in one sentence."""
    if standing.state == State.EXEMPT:
        return _("Nothing is to be done while the exemption lasts.")
    if standing.due_on == OPEN:
        return _("It is in date and has no end.") if standing.state == State.IN_DATE else _open_day(standing)
    words = {
        State.OVERDUE: _("It was due by %(day)s."),
        State.NOT_YET_DUE: _("It is due by %(day)s."),
        State.IN_DATE: _("It is in date until %(day)s."),
    }
    return words[standing.state] % {"day": day_in_words(standing.due_on)}


def day_of(demand: Demand) -> str:
    """The day to which one rule comes by itself, and what made it that day."""
    standing, claim = demand.standing, demand.claim
    if standing.state == State.IN_DATE:
        if standing.due_on == OPEN:
            return _("By this rule the result counts without end.")
        return _("By this rule the result counts until %(day)s.") % {"day": day_in_words(standing.due_on)}
    if claim.due_on == OPEN:
        return _open_day(standing)
    parts = [_("By this rule the first time was due by %(day)s.") % {"day": day_in_words(claim.due_on)}]
    if standing.run_out is not None:
        parts.append(_("A result ran out since, and was to be renewed in time."))
    return " ".join(parts)


def moved(demand: Demand, places: Mapping[int, str]) -> Iterator[str]:
    """Leave that moved the day, and moves that did not."""
    yield from (stopped(stop) for stop in demand.stops)
    for place in demand.moved_on:
        told = {"post": places[place.post], "day": day_in_words(place.days.start), "since": _since(demand)}
        yield (
            _(
                "The move to %(post)s on %(day)s was within the reach of the rule, so it is no new appointment: "
                "the days go on from %(since)s."
            )
            % told
        )


def stopped(stop: Stop) -> str:
    """What a leave did to the day."""
    if stop.days.until == OPEN:
        return _("On long leave since %(day)s: the days stand still until the leave ends.") % {
            "day": day_in_words(stop.days.start)
        }
    if stop.added is None:
        return _("On long leave %(span)s: the clock stood still.") % {"span": span(stop.days)}
    text = ngettext(
        "On long leave %(span)s: the clock stood still, and the day is %(days)s day later.",
        "On long leave %(span)s: the clock stood still, and the day is %(days)s days later.",
        stop.added,
    )
    return text % {"span": span(stop.days), "days": stop.added}


def next_steps(explained: Explained, *, opens: date | None, reminders: list[date]) -> list[tuple[date, str]]:
    """What comes, by day, if nothing is done."""
    found = [(turn.from_day, _becomes(turn)) for turn in explained.turns]
    if explained.standing.state == State.NOT_YET_DUE and explained.standing.due_on != OPEN:
        found.append((explained.standing.due_on, _("The last good day to do it.")))
    if opens is not None and opens > explained.day:
        found.append((opens, _("It can be renewed from this day on.")))
    found += [(day, _("A reminder is planned.")) for day in reminders if day > explained.day]
    return sorted(found)


def held(place: Place, name: str) -> str:
    """Through which post, and since when."""
    return _("Through the post %(post)s, %(span)s.") % {"post": name, "span": span(place.days)}


def span(days: Days) -> str:
    """From the first day to the last."""
    if or_none(days.until) is None:
        return _("since %(day)s") % {"day": day_in_words(days.start)}
    told = {"first": day_in_words(days.start), "last": day_in_words(days.until - _ONE_DAY)}
    return _("from %(first)s to %(last)s") % told


def _since(demand: Demand) -> str:
    return day_in_words(demand.claim.start)


def _open_day(standing: Standing) -> str:
    if standing.is_paused:
        return _("There is no due day yet: the days stand still during leave.")
    return _("There is no due day yet.")


def _becomes(turn: Turn) -> str:
    if turn.standing is None:
        return _("No rule asks for it any more.")
    if turn.standing.is_paused:
        return _("Long leave: the days stand still.")
    return {
        State.OVERDUE: _("Overdue, unless it was done by then."),
        State.NOT_YET_DUE: _("It is to be done again, and there is time."),
        State.IN_DATE: _("In date."),
        State.EXEMPT: _("Exempt: nothing is to be done."),
    }[turn.standing.state]
