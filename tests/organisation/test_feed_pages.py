"""The feed's pages and command, as people use them: send, map, read the account, confirm, apply, undo."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from lms.core.errors import Refused
from lms.core.models import AuditEntry
from lms.organisation.models import Feed, FeedPart, PostHolding, StaffNumber, User
from tests.cast import Office, person
from tests.organisation.test_staff_pages import text_of

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
CallImport = Callable[..., str]
CSV = (
    "Staff no;First name;Last name;Seat;Start\n K100 ;Lindiwe;Okoro;ridge-clerk;05/02/2026\nK9;Ana;Silva;quay-clerk;\n"
)


def send(client: Client, text: str | bytes = CSV, *, whole: str = "no") -> str:
    data = text if isinstance(text, bytes) else text.encode()
    fields = {"file": SimpleUploadedFile("staff.csv", data), "whole": whole, "day": "2026-03-02"}
    response = client.post("/staff/feed/", fields)
    assert response.status_code == 302, text_of(response)
    return str(response["Location"])


@pytest.fixture
def at_once(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> object:
    """Jobs of the outbox are done as the page's transaction ends; each may leave another."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_from_the_file_to_the_records_and_back(
    office: Office, learner: User, hr: User, administrator: User, client_for: ClientFor, at_once: Callable[[], object]
) -> None:
    mine, other = client_for(hr), client_for(administrator)
    columns = send(mine)
    page = mine.get(columns)
    assert page.context["form"].initial["given_names"] == "First name"
    assert page.context["form"].initial["day_form"] == "dmy"
    fields = {key: value for key, value in page.context["form"].initial.items() if value}
    with at_once():  # type: ignore[attr-defined]
        assert mine.post(columns, fields).status_code == 302
    address = f"/staff/feed/{Feed.objects.get().uuid}/"
    text = text_of(mine.get(address))
    assert "Person: Moved" in text
    assert "Post code brook-clerk → Post code ridge-clerk" in text
    assert "5 February 2026" in text
    assert "somebody else who manages staff" in text
    mine.post(f"{address}next/", {"action": "confirm"})
    assert "You sent this file yourself" in text_of(mine.get(address))
    with at_once():  # type: ignore[attr-defined]
        other.post(f"{address}next/", {"action": "confirm"})
    assert "Applied" in text_of(mine.get(address))
    assert PostHolding.objects.held().filter(person=person(learner), post__code="ridge-clerk").exists()
    assert not FeedPart.objects.exists()
    account = b"".join(mine.get(f"{address}account.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "opw/K9,Ana Silva,2026-03-02" in account
    response = mine.post(f"{address}undo/", {"reason": ""})
    assert "This field is required" in text_of(response)
    with at_once():  # type: ignore[attr-defined]
        mine.post(f"{address}undo/", {"reason": "A wrong file"})
    assert "A wrong file" in text_of(mine.get(address))
    assert PostHolding.objects.held().get(person=person(learner), valid_until=None).post.code == "brook-clerk"
    done = set(AuditEntry.objects.filter(action__startswith="staff feed").values_list("action", flat=True))
    assert {f"staff feed {what}" for what in ("delivered", "mapped", "confirmed", "applied", "undone")} <= done


def test_what_is_no_table_is_told_beside_the_form_and_keeps_nothing(
    office: Office, hr: User, client_for: ClientFor
) -> None:
    fields = {"file": SimpleUploadedFile("a.csv", b"\x00" * 500), "whole": "yes", "day": "2026-03-02"}
    response = client_for(hr).post("/staff/feed/", fields)
    assert "This is no table" in text_of(response)
    assert not Feed.objects.exists()


def test_missing_columns_are_told_and_another_encoding_is_looked_at_again(
    office: Office, hr: User, client_for: ClientFor
) -> None:
    client = client_for(hr)
    columns = send(client, "Imię;Shoe\nŁucja;38\n".encode("cp1250"))
    response = client.post(columns, {"day_form": "iso", "encoding": Feed.objects.get().encoding})
    assert "names none of the columns" in text_of(response)
    response = client.post(columns, {"day_form": "iso", "encoding": "cp1250"}, follow=True)
    assert "Łucja" in text_of(response)


def test_a_feed_can_be_set_aside_and_its_rows_are_forgotten(
    office: Office, hr: User, client_for: ClientFor, at_once: Callable[[], object]
) -> None:
    client = client_for(hr)
    columns = send(client)
    fields = {key: value for key, value in client.get(columns).context["form"].initial.items() if value}
    with at_once():  # type: ignore[attr-defined]
        client.post(columns, fields)
    feed = Feed.objects.get()
    client.post(f"/staff/feed/{feed.uuid}/next/", {"action": "set aside"})
    assert "Set aside" in text_of(client.get(f"/staff/feed/{feed.uuid}/"))
    assert not FeedPart.objects.exists()


def test_the_account_asks_as_much_for_30_rows_as_for_3(
    office: Office,
    hr: User,
    client_for: ClientFor,
    django_assert_max_num_queries: Callable[..., object],
    call_import: CallImport,
) -> None:
    client = client_for(hr)
    for many in (3, 30):
        call_import("".join(f"K{n},Ana,Silva{n}\n" for n in range(900, 900 + many)))
        with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
            client.get(f"/staff/feed/{Feed.objects.latest('pk').uuid}/")


@pytest.fixture
def call_import(tmp_path: Path) -> CallImport:
    """`manage.py import_staff` on these rows, "-" for a file that is not there; what it printed."""

    def call(rows: str, *options: str, head: str = "number,given_names,surname") -> str:
        path = Path("/nonexistent")
        if rows != "-":
            path = tmp_path / "staff.csv"
            path.write_text(f"{head}\n{rows}")
        out = StringIO()
        call_command("import_staff", str(path), "--part", *options, stdout=out)
        return out.getvalue()

    return call


def test_the_command_says_and_changes_nothing_until_it_is_told_to(
    office: Office, learner: User, call_import: CallImport, tmp_path: Path
) -> None:
    said = call_import("K9,Ana,Silva\nK100,Lindiwe,Bell\n", "--day", "2026-03-02")
    assert "1  Person: New" in said
    assert "line 3: opw/K100 Lindiwe Okoro: Changed Surname Okoro → Surname Bell" in said
    assert StaffNumber.objects.count() == 1
    said = call_import("K9,Ana,Silva\nK100,Lindiwe,Bell\n", "--apply", "--account", str(tmp_path / "out.csv"))
    assert "Applied: 2 differences." in said
    assert "Ana Silva" in (tmp_path / "out.csv").read_text()
    assert "2 people unchanged" in call_import("K9,Ana,Silva\nK100,Lindiwe,Bell\n")


def test_the_command_stops_above_the_threshold_and_names_the_page(
    office: Office, learner: User, hr: User, tmp_path: Path
) -> None:
    path = tmp_path / "staff.csv"
    path.write_text("number,given_names,surname\nK9,Ana,Silva\n")
    with pytest.raises(Refused, match=r"2 would leave .* of 2.*Page: /staff/feed/"):
        call_command("import_staff", str(path), "--apply", stdout=StringIO())
    assert StaffNumber.objects.filter(valid_until=None).count() == 2


def test_the_command_refuses_what_it_cannot_read_and_bad_arguments(office: Office, call_import: CallImport) -> None:
    with pytest.raises(Refused, match="names none of the columns"):
        call_import("1,2\n", head="a,b")
    with pytest.raises(Refused, match="no employer"):
        call_import("K9,Ana,Silva\n", "--employer", "nobody")
    with pytest.raises(CommandError, match="There is no file") as told:
        call_import("-")
    assert told.value.returncode == 2
    with pytest.raises(CommandError, match="day"):
        call_import("K9,Ana,Silva\n", "--day", "yesterday")
    assert not Feed.objects.exists()
    assert "1  Person: New" in call_import("K9,Silva\n", "--column", "number=Nr", head="Nr,surname")


def test_before_there_is_an_organisation_a_feed_is_refused_with_what_to_do(db: None, call_import: CallImport) -> None:
    with pytest.raises(Refused, match="Name it first"):
        call_import("K9,Ana,Silva\n")
