"""The staff feed: a file in, differences out, applied, undone; what is wrong is refused by row and the rest goes in."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.core import clock
from lms.core.errors import Refused
from lms.organisation.feed import account, applying, comparing, delivering, jobs, undoing
from lms.organisation.hiring import employer, transfer
from lms.organisation.models import (
    Change,
    Feed,
    FeedDifference,
    FeedRow,
    OrgUnit,
    Person,
    Post,
    PostHolding,
    ReportingLine,
    StaffNumber,
    UnitAncestry,
    User,
)
from tests.cast import BY, Office, person

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
HEAD = "number,given_names,surname,post"


def fed(text: str | bytes, *, is_whole: bool = False, day: date = DAY, by: object = BY, **columns: str) -> Feed:
    """A file, read and compared."""
    data = text if isinstance(text, bytes) else text.encode()
    feed = delivering.deliver("staff.csv", [data], day=day, is_whole=is_whole, by=by)  # type: ignore[arg-type]
    with delivering.file_of(feed) as file:
        guess = delivering.suggested(delivering.sample_of(file))
    reading = delivering.Reading({**guess.columns, **columns}, guess.day_form, guess.encoding)
    delivering.start_reading(feed, reading, by=by)  # type: ignore[arg-type]
    jobs.read_feed({"feed": feed.pk})
    feed.refresh_from_db()
    assert not feed.stopped_why, feed.stopped_why
    return feed


def let_in(feed: Feed) -> Feed:
    """Applied, whatever its size."""
    Feed.objects.filter(pk=feed.pk).update(confirmed_at=clock.now())
    return applying.apply_all(applying.start(feed, by=BY))


def told(feed: Feed) -> list[tuple[str, str]]:
    return list(feed.differences.order_by("line", "pk").values_list("subject", "change"))


def whys(feed: Feed) -> str:
    return " | ".join(feed.differences.filter(change=Change.REFUSED).order_by("line").values_list("why", flat=True))


def posts_of(number: str, day: date = DAY) -> list[str]:
    bearer = StaffNumber.objects.on(day).get(number=number).person
    return sorted(PostHolding.objects.on(day).filter(person=bearer).values_list("post__code", flat=True))


def test_newcomers_movers_and_new_names_are_told_and_nothing_is_changed_before_applying(
    office: Office, learner: User, colleague: User
) -> None:
    feed = fed(
        f"{HEAD}\nK100,Lindiwe,Okoro-Bell,ridge-clerk\nK101,Ravi,Pillay,brook-clerk-2\nK200,Ana,Silva,quay-clerk\n"
    )
    assert told(feed) == [("opw/K100", "changed"), ("opw/K100", "moved"), ("opw/K200", "new")]
    assert feed.unchanged == 1
    assert posts_of("K100") == ["brook-clerk"]
    let_in(feed)
    assert posts_of("K100") == ["ridge-clerk"]
    assert posts_of("K100", date(2026, 3, 1)) == ["brook-clerk"]
    assert posts_of("K200") == ["quay-clerk"]
    assert Person.objects.get(pk=person(learner).pk).full_name == "Lindiwe Okoro-Bell"
    assert not FeedRow.objects.exists()


def test_the_second_time_there_is_no_difference_and_applying_again_changes_nothing(
    office: Office, learner: User
) -> None:
    text = f"{HEAD}\nK100,Lindiwe,Okoro,ridge-clerk\nK200,Ana,Silva,quay-clerk\n"
    first = let_in(fed(text))
    before = PostHolding.objects.count(), StaffNumber.objects.count(), Person.objects.count()
    jobs.apply_feed({"feed": first.pk})
    again = fed(text)
    assert told(again) == []
    let_in(again)
    assert (PostHolding.objects.count(), StaffNumber.objects.count(), Person.objects.count()) == before


def test_who_is_missing_from_a_whole_file_has_left_and_from_a_part_has_not(
    office: Office, learner: User, colleague: User
) -> None:
    text = f"{HEAD}\nK100,Lindiwe,Okoro,brook-clerk\n"
    assert told(fed(text)) == []
    feed = fed(text, is_whole=True)
    assert told(feed) == [("opw/K101", "left")]
    let_in(feed)
    assert not StaffNumber.objects.on(DAY).filter(person=person(colleague)).exists()
    assert not PostHolding.objects.on(DAY).filter(person=person(colleague)).exists()
    assert PostHolding.objects.on(date(2026, 3, 1)).filter(person=person(colleague)).exists()


def test_two_may_change_places(office: Office, learner: User, colleague: User) -> None:
    feed = fed(f"{HEAD}\nK100,Lindiwe,Okoro,brook-clerk-2\nK101,Ravi,Pillay,brook-clerk\n")
    let_in(feed)
    assert (posts_of("K100"), posts_of("K101")) == (["brook-clerk-2"], ["brook-clerk"])


def test_who_is_refused_stays_and_so_nobody_gets_their_place(office: Office, learner: User, colleague: User) -> None:
    feed = fed(f"{HEAD}\nK100,Lindiwe,Okoro,nowhere\nK101,Ravi,Pillay,brook-clerk\nK300,Ana,Silva,brook-clerk-2\n")
    assert [change for _who, change in told(feed)] == ["refused"] * 3
    assert "nowhere is not known" in whys(feed)
    assert "Lindiwe Okoro holds this post then, and stays." in whys(feed)
    let_in(feed)
    assert (posts_of("K100"), posts_of("K101")) == (["brook-clerk"], ["brook-clerk-2"])


def test_a_post_is_given_to_one_only(office: Office) -> None:
    feed = fed(f"{HEAD}\nK1,Ana,Silva,quay-clerk\nK2,Ben,Osei,quay-clerk\n")
    assert [change for _who, change in told(feed)] == ["new", "refused"]
    assert "Line 2 puts somebody else" in whys(feed)


@pytest.mark.parametrize(
    "rows",
    ["K1,Ana,Silva,quay-clerk\nK1,Ben,Osei,ridge-clerk", "K1,Ana,Silva,quay-clerk\nk 1,Ana,Silva,ridge-clerk"],
)
def test_a_number_used_twice_refuses_its_rows_and_the_rest_goes_in(rows: str, office: Office) -> None:
    feed = fed(f"{HEAD}\n{rows}\nK3,Cem,Kaya,brook-clerk\n")
    assert [change for _who, change in told(feed)] == ["refused", "refused", "new"]
    let_in(feed)
    assert StaffNumber.objects.count() == 1


def test_a_row_that_stands_there_twice_is_one_row(office: Office) -> None:
    assert told(fed(f"{HEAD}\nK1,Ana,Silva,quay-clerk\nK1,Ana,Silva,quay-clerk\n")) == [("opw/K1", "new")]


def test_a_number_under_quite_another_name_is_refused(office: Office, learner: User) -> None:
    feed = fed(f"{HEAD}\nK100,Ana,Silva,brook-clerk\n")
    assert "This number is Lindiwe Okoro's." in whys(feed)


def test_the_same_number_at_two_employers_is_two_people(office: Office, learner: User) -> None:
    employer("roads", name="Roads Agency")
    feed = fed_for("employer,number,given_names,surname,post\nRoads Agency,K100,Ana,Silva,quay-clerk\n", office)
    assert told(feed) == [("roads/K100", "new")]
    feed = fed_for("employer,number,given_names,surname,post\nNobody,K100,Ana,Silva,quay-clerk\n", office)
    assert "“Nobody” is not known" in whys(feed)


def fed_for(text: str, office: Office, *, is_whole: bool = False) -> Feed:
    feed = delivering.deliver("a.csv", [text.encode()], day=DAY, is_whole=is_whole, by=BY, employer=office.employer)
    with delivering.file_of(feed) as file:
        delivering.start_reading(feed, delivering.suggested(delivering.sample_of(file)), by=BY)
    jobs.read_feed({"feed": feed.pk})
    feed.refresh_from_db()
    return feed


def test_a_whole_file_of_one_employer_lets_nobody_of_another_leave(office: Office, learner: User) -> None:
    employer("roads", name="Roads Agency")
    feed = fed_for("employer,number,given_names,surname,post\nroads,R1,Ana,Silva,quay-clerk\n", office, is_whole=True)
    assert told(feed) == [("roads/R1", "new")]


def test_a_leaver_who_comes_back_is_the_same_person_under_the_old_or_a_new_number(
    office: Office, learner: User, colleague: User
) -> None:
    let_in(fed("number,last_day\nK100,2026-03-01\nK101,2026-03-01\n"))
    later = date(2026, 6, 1)
    feed = fed(
        "number,given_names,surname,post,former_number\nK100,Lindiwe,Okoro,quay-clerk,\nN7,Ravi,Pillay,ridge-clerk,K101\n",
        day=later,
    )
    assert told(feed) == [("opw/K100", "returned"), ("opw/N7", "returned")]
    let_in(feed)
    assert StaffNumber.objects.on(later).get(number="N7").person == person(colleague)
    assert StaffNumber.objects.on(later).get(number="K100").person == person(learner)
    assert posts_of("N7", later) == ["ridge-clerk"]
    assert not StaffNumber.objects.on(date(2026, 4, 1)).exists()


def test_a_leaver_is_known_by_name_and_address_together(office: Office, learner: User) -> None:
    let_in(fed("number,last_day\nK100,2026-03-01\n"))
    head = "number,given_names,surname,email,post"
    feed = fed(f"{head}\nN1,Lindiwe,Okoro,lindiwe@kopw.example,quay-clerk\n", day=date(2026, 6, 1))
    assert told(feed) == [("opw/N1", "returned")]
    feed = fed(f"{head}\nN1,Lindiwe,Okoro,other@kopw.example,quay-clerk\n", day=date(2026, 6, 1))
    assert told(feed) == [("opw/N1", "new")]


def test_a_changed_number_is_no_leaver(office: Office, learner: User) -> None:
    feed = fed("number,former_number,given_names,surname\nN1,K100,Lindiwe,Okoro\n", is_whole=True)
    assert told(feed) == [("opw/N1", "changed")]
    let_in(feed)
    assert StaffNumber.objects.on(DAY).get().number == "N1"
    assert posts_of("N1") == ["brook-clerk"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("K100,Lindiwe,Okoro,ridge-clerk,2020-01-01,", "The dates cross"),
        ("K100,Lindiwe,Okoro,ridge-clerk,2019-01-01,", "The dates cross"),
        ("K100,Lindiwe,Okoro,,2026-02-03,2026-02-01", "The dates cross"),
        ("K100,Lindiwe,Okoro,ridge-clerk,2036-01-01,", "too far away"),
        ("K100,Lindiwe,Okoro,ridge-clerk,3 Feb 2026,", "is no day of the form"),
        ("K100,Lindiwe,Okoro,ridge-clerk,2026-02-30,", "is no day of the form"),
        (",Lindiwe,Okoro,ridge-clerk,,", "no staff number"),
        ("K1,,,ridge-clerk,,", "a new person needs a name"),
        ("=1+1,Lindiwe,Okoro,ridge-clerk,,", "is a formula"),
        ("K1,A\x00na,Silva,ridge-clerk,,", "no text"),
        (f"K1,{'A' * 100_000},Silva,ridge-clerk,,", "far more text"),
        (f"K1,{'A' * 200_000},Silva,ridge-clerk,,", "not well-formed"),
        (f"K1,{'A' * 151},Silva,ridge-clerk,,", "more than 150 characters"),
        ('K1,"Ana"x,Silva,ridge-clerk,,', "not well-formed"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_the_rest_goes_in(
    row: str, why: str, office: Office, learner: User
) -> None:
    head = "number,given_names,surname,post,day,last_day"
    feed = fed(f"{head}\n2020-01-01,a,b,,,\n{row}\nK9,Cem,Kaya,quay-clerk,2026-02-01,\n", day=date(2026, 3, 2))
    assert why in whys(feed)
    let_in(feed)
    assert posts_of("K9", date(2026, 2, 1)) == ["quay-clerk"]
    assert posts_of("K100") == ["brook-clerk"]


def test_nobody_leaves_a_whole_file_of_which_a_row_could_not_be_read(office: Office, learner: User) -> None:
    feed = fed(f"{HEAD}\n,Total,521,\nK9,Cem,Kaya,quay-clerk\n", is_whole=True)
    assert [change for _who, change in told(feed)] == ["refused", "new"]


def test_units_posts_lines_and_people_come_in_one_file(office: Office) -> None:
    text = (
        "number;given_names;surname;post;category;post_title;manager;unit;unit_name;parent;unit_kind\n"
        "K1;Ana;Silva;mill-lead;LEAD;Office lead;hill-manager;mill;Mill office;hill;office\n"
        "K2;Ben;Osei;mill-clerk;Clerk of works;;mill-lead;mill;;;\n"
        ";;;mill-clerk-2;CLERK;;mill-lead;mill;;;\n"
    )
    feed = let_in(fed(text))
    assert not whys(feed)
    mill = OrgUnit.objects.get(code="mill")
    assert set(Post.objects.in_subtree(office.units["hill"], DAY).filter(unit=mill).values_list("code", flat=True)) == {
        "mill-lead", "mill-clerk", "mill-clerk-2",
    }  # fmt: skip
    assert Post.objects.get(code="mill-clerk").category.name == "Clerk of works"
    assert Post.objects.get(code="mill-lead").category == office.categories["LEAD"]
    lines = ReportingLine.objects.on(DAY).filter(post__unit=mill).values_list("post__code", "manager__code")
    assert set(lines) == {("mill-lead", "hill-manager"), ("mill-clerk", "mill-lead"), ("mill-clerk-2", "mill-lead")}
    assert posts_of("K2") == ["mill-clerk"]
    assert told(fed(text)) == []


def test_a_unit_is_moved_and_never_under_its_own_child(office: Office) -> None:
    feed = fed("unit,unit_name,parent\nhill,Hill region,brook\nridge,Ridge house,coast\nquay,Quay office,nowhere\n")
    assert dict(told(feed)) == {"hill": "refused", "ridge": "moved", "quay": "refused"}
    assert "below one of its own units" in whys(feed)
    assert "nowhere, is not known" in whys(feed)
    let_in(feed)
    above = UnitAncestry.objects.on(DAY).filter(unit=office.units["ridge"], depth=1)
    assert above.get().ancestor == office.units["coast"]
    assert OrgUnit.objects.named(DAY).get(code="ridge").name == "Ridge house"


def test_a_circle_of_reporting_lines_is_refused_and_other_lines_go_in(office: Office) -> None:
    feed = fed("post,manager\nbrook-lead,brook-clerk\nridge-clerk,brook-lead\nquay-clerk,quay-clerk\nhr-desk,no-post\n")
    assert dict(told(feed)) == {
        "brook-lead": "refused", "ridge-clerk": "changed", "quay-clerk": "refused", "hr-desk": "refused",
    }  # fmt: skip
    let_in(feed)
    assert ReportingLine.objects.on(DAY).get(post__code="ridge-clerk").manager.code == "brook-lead"
    assert ReportingLine.objects.on(date(2026, 3, 1)).get(post__code="ridge-clerk").manager.code == "hill-manager"


def test_unknown_units_and_seats_in_other_units_are_refused(office: Office) -> None:
    feed = fed("post,unit,category\nnew-1,nowhere,CLERK\nquay-clerk,brook,CLERK\nnew-2,brook,CLERK\nnew-3,brook,\n")
    assert [change for _who, change in told(feed)] == ["refused", "refused", "new", "refused"]
    assert "The unit nowhere is not known" in whys(feed)
    assert "stands in quay" in whys(feed)


def test_whole_lists_of_posts_and_units_close_what_they_leave_out(office: Office, learner: User) -> None:
    kept = [post for post in office.posts.values() if post.code not in {"quay-clerk", "brook-clerk"}]
    rows = "".join(f"{post.code},{post.unit.code},x\n" for post in kept)
    feed = fed(f"post,unit,category\n{rows}", is_whole=True)
    assert dict(told(feed)) == {"quay-clerk": "closed", "brook-clerk": "refused"}
    let_in(feed)
    units = "".join(f"{code},{code},\n" for code in office.units if code != "quay")
    feed = fed(f"unit,unit_name,parent\n{units}", is_whole=True, day=date(2026, 4, 1))
    assert ("quay", "closed") in told(feed)
    let_in(feed)
    assert not OrgUnit.objects.open_on(date(2026, 4, 1)).filter(code="quay").exists()


def test_acting_posts_are_held_beside_the_own_one_and_end_with_a_whole_file(office: Office, learner: User) -> None:
    head = f"{HEAD},holding"
    let_in(fed(f"{head}\nK100,Lindiwe,Okoro,brook-clerk,\nK100,Lindiwe,Okoro,brook-lead,Acting\n"))
    assert posts_of("K100") == ["brook-clerk", "brook-lead"]
    later = date(2026, 4, 1)
    let_in(fed(f"{head}\nK100,Lindiwe,Okoro,brook-clerk,substantive\n", is_whole=True, day=later))
    assert posts_of("K100", later) == ["brook-clerk"]


def test_a_large_change_waits_for_somebody_who_did_not_send_it(
    office: Office, learner: User, colleague: User, hr: User, administrator: User
) -> None:
    feed = fed(f"{HEAD}\nK100,Lindiwe,Okoro,brook-clerk\n", is_whole=True, by=hr)
    assert (feed.leavers, feed.people_before) == (3, 4)
    with pytest.raises(Refused, match="Somebody else"):
        applying.start(feed, by=hr)
    with pytest.raises(Refused, match="sent this file yourself"):
        applying.confirm(feed, by=hr)
    applying.confirm(feed, by=administrator)
    applying.apply_all(applying.start(feed, by=administrator))
    assert StaffNumber.objects.on(DAY).count() == 1


def test_all_rows_missing_changes_nothing(office: Office, learner: User) -> None:
    feed = delivering.deliver("empty.csv", [f"{HEAD}\n".encode()], day=DAY, is_whole=True, by=BY)
    delivering.start_reading(feed, delivering.Reading({"number": "number"}, "iso", "utf-8"), by=BY)
    jobs.read_feed({"feed": feed.pk})
    feed.refresh_from_db()
    assert "nothing below it" in feed.stopped_why
    with pytest.raises(Refused, match="not ready"):
        applying.start(feed, by=BY)


def test_a_feed_is_undone_with_its_reason_and_what_came_after_stays(
    office: Office, learner: User, colleague: User, stranger: User, hr: User
) -> None:
    text = (
        f"{HEAD},manager,unit,category,unit_name,parent\n"
        "K100,Lindi,Okoro,mill-clerk,brook-lead,mill,CLERK,Mill office,hill\n"
        "K200,Ana,Silva,brook-clerk,brook-lead,brook,CLERK,,\n"
        "K103,Odile,Marchand,hr-desk,,kopw,OFFICE,,\nK102,Sione,Latu,quay-clerk,,quay,CLERK,,\n"
    )
    feed = let_in(fed(text, is_whole=True))
    assert posts_of("K100") == ["mill-clerk"]
    undoing.start_undoing(feed, reason="The wrong month", by=hr)
    jobs.undo_feed({"feed": feed.pk})
    while undoing.undo_slice(feed):
        pass
    assert (posts_of("K100"), posts_of("K101")) == (["brook-clerk"], ["brook-clerk-2"])
    assert not StaffNumber.objects.held().filter(number="K200").exists()
    assert Person.objects.get(pk=person(learner).pk).given_names == "Lindiwe"
    assert not OrgUnit.objects.open_on(DAY).filter(code="mill").exists()
    assert Post.objects.get(code="mill-clerk").closed_on == date(2026, 3, 3)
    back = PostHolding.objects.held().get(person=person(learner))
    assert "The wrong month" in back.reason
    assert back.by == hr
    feed.refresh_from_db()
    assert feed.state == "undone"
    assert set(feed.differences.going_in().values_list("is_undone", flat=True)) == {True}


def test_what_was_changed_after_a_feed_is_not_undone(office: Office, learner: User, hr: User) -> None:
    feed = let_in(fed(f"{HEAD}\nK100,Lindiwe,Okoro,ridge-clerk\n"))
    transfer(person(learner), to=office.posts["quay-clerk"], on=date(2026, 5, 1), by=BY)
    undoing.start_undoing(feed, reason="Wrong", by=hr)
    while undoing.undo_slice(feed):
        pass
    assert posts_of("K100") == ["ridge-clerk"]
    assert posts_of("K100", date(2026, 5, 1)) == ["quay-clerk"]
    one = feed.differences.get()
    assert not one.is_undone
    assert "changed since" in one.why


def test_of_two_feeds_at_once_the_second_is_compared_again(office: Office, learner: User) -> None:
    text = f"{HEAD}\nK100,Lindiwe,Okoro,ridge-clerk\n"
    one, two = fed(text), fed(text)
    Feed.objects.update(confirmed_at=clock.now())
    applying.start(one, by=BY)
    with pytest.raises(Refused, match="right now"):
        applying.start(two, by=BY)
    applying.apply_all(one)
    with pytest.raises(Refused, match="Compare it again"):
        applying.start(two, by=BY)
    two.refresh_from_db()
    jobs.compare_again(two)
    jobs.compare_feed({"feed": two.pk})
    assert told(two) == []


def test_what_was_changed_by_hand_meanwhile_is_refused_and_the_rest_goes_in(
    office: Office, learner: User, colleague: User
) -> None:
    feed = fed(f"{HEAD}\nK100,Lindiwe,Okoro,ridge-clerk\nK101,Ravi,Pillay,brook-lead\nK7,Ana,Silva,quay-clerk\n")
    transfer(person(learner), to=office.posts["quay-clerk"], on=date(2026, 2, 1), by=BY)
    let_in(feed)
    assert posts_of("K100") == ["quay-clerk"]
    assert posts_of("K101") == ["brook-lead"]
    assert "changed by hand" in whys(feed)
    newcomer = feed.differences.get(subject="opw/K7")
    assert (newcomer.change, newcomer.why) == ("new", "Lindiwe Okoro holds this post then. End that first.")


def test_a_worker_that_dies_between_slices_loses_nothing(
    office: Office, learner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "SLICE", 1)
    feed = applying.start(fed(f"{HEAD}\nK1,Ana,Silva,quay-clerk\nK2,Ben,Osei,ridge-clerk\n"), by=BY)
    assert applying.apply_slice(feed)
    feed.refresh_from_db()
    assert (feed.done, feed.state) == (1, "applying")
    feed = applying.apply_all(feed)
    assert feed.state == "applied"
    assert (posts_of("K1"), posts_of("K2")) == (["quay-clerk"], ["ridge-clerk"])


def test_comparing_asks_as_much_for_30_people_as_for_3(office: Office) -> None:
    counts = []
    for many in (3, 30):
        feed = fed(HEAD + "".join(f"\nK{n},Ana,Silva{n}," for n in range(many)))
        with CaptureQueriesContext(connection) as asked:
            comparing.compare(feed)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_account_runs_nothing_in_a_spreadsheet(office: Office) -> None:
    feed = fed(f"{HEAD}\n+1,@Ana,-Silva,\n")
    lines = "".join(account.csv_lines(feed))
    assert ",'@Ana -Silva," in lines
    assert FeedDifference.objects.get().label == "@Ana -Silva"


def test_a_mapping_is_remembered_by_the_heading_row(office: Office, tmp_path: Path) -> None:
    text = "Pers.-Nr.;Vorname;Nachname;Planstelle\nK1;Ana;Silva;quay-clerk\n"
    fed(text, number="Pers.-Nr.", given_names="Vorname", surname="Nachname", post="Planstelle")
    assert told(fed(text)) == [("opw/K1", "new")]
