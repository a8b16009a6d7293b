"""The staff feed's pages: send a file, say which column is which, read the account, let it in, take it back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.core import audit
from lms.core.errors import Refused
from lms.organisation import access
from lms.organisation.access import Capability, needs, user_of
from lms.organisation.feed import account, applying, delivering, jobs, undoing
from lms.organisation.feed.forms import ColumnsForm, DeliveryForm, UndoForm
from lms.organisation.models import About, Change, Feed, FeedDifference, FeedState, Organisation, User

_PAGE = 50


@needs(Capability.MANAGE_STAFF)
def feeds(request: HttpRequest) -> HttpResponse:
    """Earlier files, and a form for the next one."""
    user = _manager(request)
    form = DeliveryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("feed_columns", uuid=_delivered(form, user).uuid)
        except Refused as why:
            form.add_error("file", str(why))
    page = Paginator(Feed.objects.select_related("by_user__person"), _PAGE).get_page(request.GET.get("page"))
    return render(request, "organisation/feed/feeds.html", {"form": form, "page": page})


@needs(Capability.MANAGE_STAFF)
def feed_columns(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Which column is which. A heading row that is known already needs a look only."""
    user, feed = _manager(request), _feed(uuid)
    if feed.applying_since or feed.set_aside_at or not delivering.has_file(feed):
        return redirect("feed", uuid=uuid)
    with delivering.file_of(feed) as file:
        sample = delivering.sample_of(file, feed.encoding)
    form = ColumnsForm(request.POST or None, sample=sample, reading=delivering.suggested(sample))
    if request.method == "POST" and form.is_valid():
        try:
            if delivering.write_otherwise(feed, form.reading.encoding, sample):
                return redirect("feed_columns", uuid=uuid)
            delivering.start_reading(feed, form.reading, by=user)
            return redirect("feed", uuid=uuid)
        except Refused as why:
            form.add_error(None, str(why))
    context = {"form": form, "feed": feed, "sample": sample, "is_known": delivering.is_known(sample)}
    return render(request, "organisation/feed/columns.html", context)


@needs(Capability.MANAGE_STAFF)
@require_safe
def feed(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The account: what would change, or did, row by row, and what can be done next."""
    user, shown = _manager(request), _feed(uuid)
    if shown.state == FeedState.DELIVERED:
        return redirect("feed_columns", uuid=uuid)
    rows = _chosen(shown, request)
    context = {
        "feed": shown,
        "figures": account.figures(shown),
        "page": account.worded(Paginator(rows, _PAGE).get_page(request.GET.get("page"))),
        "query": f"about={request.GET.get('about', '')}&change={request.GET.get('change', '')}",
        "is_mine": shown.by == user,
        "same_file": _same_file(shown),
        "may_remap": delivering.has_file(shown),
    }
    if request.headers.get("HX-Request"):
        return render(request, "organisation/feed/progress.html", context)
    return render(request, "organisation/feed/feed.html", context)


@needs(Capability.MANAGE_STAFF)
@require_safe
def feed_account(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The whole account as CSV. That it was taken out is recorded."""
    user, taken = _manager(request), _feed(uuid)
    audit.record("staff feed account taken out", taken, by=user)
    response = StreamingHttpResponse(account.csv_lines(taken), content_type="text/csv; charset=utf-8")
    name = get_valid_filename(f"account-{taken.day.isoformat()}-{taken.file_name}")[:100].rsplit(".", 1)[0]
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@needs(Capability.MANAGE_STAFF)
@require_POST
def feed_next(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The button that was pressed: confirm, apply, compare again, set aside."""
    user, going = _manager(request), _feed(uuid)
    action = request.POST.get("action")
    try:
        if action == "confirm":
            applying.start_in_background(applying.confirm(going, by=user), by=user)
        elif action == "apply":
            applying.start_in_background(going, by=user)
        elif action == "compare":
            jobs.compare_again(going)
        elif action == "set aside":
            applying.set_aside(going, by=user)
    except Refused as why:
        messages.error(request, str(why))
    return redirect("feed", uuid=uuid)


@needs(Capability.MANAGE_STAFF)
def feed_undo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a feed back, with a reason."""
    user, taken = _manager(request), _feed(uuid)
    if taken.state != FeedState.APPLIED:
        return redirect("feed", uuid=uuid)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            undoing.start_undoing(taken, reason=form.cleaned_data["reason"], by=user)
            return redirect("feed", uuid=uuid)
        except Refused as why:
            form.add_error(None, str(why))
    return render(request, "organisation/feed/undo.html", {"form": form, "feed": taken})


def _manager(request: HttpRequest) -> User:
    """Whoever manages the staff of the whole organisation: a feed may reach anybody."""
    user = user_of(request)
    organisation = Organisation.objects.select_related("root").first()
    if organisation is None:
        raise Refused(_("There is no organisation yet. Name it first, then send its staff."))
    if not access.may_in(user, Capability.MANAGE_STAFF, organisation.root):
        raise PermissionDenied(_("A staff feed reaches the whole organisation, and your role a part of it."))
    return user


def _feed(uuid: UUID) -> Feed:
    found = Feed.objects.filter(uuid=uuid).select_related("by_user__person", "employer", "confirmed_by__person").first()
    if found is None:
        raise Http404
    return found


def _delivered(form: DeliveryForm, user: User) -> Feed:
    data = form.cleaned_data
    file = data["file"]
    pieces = file.chunks(512 * 1024)
    is_whole = data["whole"] == "yes"
    return delivering.deliver(
        file.name, pieces, day=data["day"], is_whole=is_whole, employer=data.get("employer"), by=user
    )


def _chosen(feed: Feed, request: HttpRequest) -> QuerySet[FeedDifference]:
    rows = FeedDifference.objects.filter(feed=feed).order_by("line", "pk")
    if request.GET.get("about") in About.values:
        rows = rows.filter(about=request.GET["about"])
    if request.GET.get("change") in Change.values:
        rows = rows.filter(change=request.GET["change"])
    return rows


def _same_file(feed: Feed) -> Feed | None:
    """An earlier feed with the very same file."""
    same = Feed.objects.filter(digest=feed.digest, applied_at__isnull=False).exclude(pk=feed.pk)
    return same.first() if feed.digest else None
