"""Pictures and videos of lessons: from the pack or Wagtail's library to what learners get, for good."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import GroupCollectionPermission
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from courses import drafts, publishing
from courses.blocks import LessonBody
from courses.curriculum.exporting import export
from courses.curriculum.loading import BY_COMMAND, load
from courses.curriculum.problems import PackError
from courses.media import kinds
from courses.models import CoursePage, LessonPage, LessonVersion, MediaFile
from courses.readiness import NotReady
from lms.organisation.models import User
from tests.courses.factories import edit_lesson
from tests.courses.media import MP4, PICTURE, VIDEO, VTT, WEBM, illustrate, picture
from tests.courses.test_exporting import everything, loaded_elsewhere

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
LESSON = "/learn/TINY/water/"
FILE = "tiny/courses/TINY/lessons/01-water.yaml"


@pytest.fixture
def media(pack: Path) -> Path:
    """The tiny pack with a picture and a video, loaded; the folder of its files."""
    folder = illustrate(pack)
    load(pack)
    return folder


@pytest.fixture
def client(media: Path, learner: User, client_for: ClientFor) -> Client:
    """The learner's browser, the course begun."""
    browser = client_for(learner)
    browser.post("/learn/TINY/start/")
    return browser


def shown(kind: str, field: str = "file") -> MediaFile:
    """What learners get of the newest edition's picture or video."""
    blocks = LessonVersion.objects.newest_edition().get(key="water").blocks
    return MediaFile.objects.get(uuid=next(row["shown"][field]["uuid"] for row in blocks if row["kind"] == kind))


def content(answer: Any) -> bytes:
    """The bytes of an answer, streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def in_library(name: str, content: bytes) -> Any:
    """An image that an author brought."""
    return get_image_model().objects.create(title="Other", file=ContentFile(content, name=name))


def refusals(pack: Path) -> list[str]:
    """What loading is refused with."""
    with pytest.raises(PackError) as refused:
        load(pack)
    return [str(problem) for problem in refused.value.problems]


# --- from packs and back


def test_what_is_exported_has_the_same_bytes_and_loads_to_the_same(media: Path, tmp_path: Path) -> None:
    before = everything()
    export(tmp_path / "out")
    written = tmp_path / "out/tiny/courses/TINY/media"
    assert {file.name: file.read_bytes() for file in written.iterdir()} == {
        file.name: file.read_bytes() for file in media.iterdir()
    }
    assert load(tmp_path / "out").lines == []
    assert everything() == before


def test_an_export_loads_to_the_same_on_another_site(pack: Path, tmp_path: Path) -> None:
    illustrate(pack)
    first = loaded_elsewhere(pack)
    load(pack)
    export(tmp_path / "out")
    assert everything() == first
    words = [block for lesson in first["courses"][0]["lessons"] for block in lesson["blocks"]]
    picture_words = next(block for block in words if block["kind"] == "picture")
    assert picture_words["file"]["name"] == "kettle.png"
    assert len(picture_words["file"]["sha256"]) == 64


def test_the_same_files_again_change_nothing(media: Path, pack: Path) -> None:
    counts = [MediaFile.objects.count(), get_image_model().objects.count(), get_document_model().objects.count()]
    assert counts == [3, 1, 2]
    assert load(pack).lines == []
    assert counts == [
        MediaFile.objects.count(),
        get_image_model().objects.count(),
        get_document_model().objects.count(),
    ]


def test_a_changed_picture_makes_an_edition_and_the_old_one_keeps_its_own(media: Path, pack: Path) -> None:
    old = shown("picture")
    (media / "kettle.png").write_bytes(picture(colour="maroon"))
    assert load(pack).lines == ["TINY: version 1, edition 2 published"]
    assert shown("picture") != old
    first = LessonVersion.objects.get(key="water", edition=1)
    assert str(old.uuid) in str(first.blocks)


def test_two_pictures_of_one_name_are_both_exported(media: Path, tmp_path: Path) -> None:
    other = in_library("kettle.png", picture(colour="maroon"))
    lesson = LessonPage.objects.get(slug="promise").get_latest_revision_as_object()
    lesson.body.append(("picture", {"jurisdiction": "all", "file": other, "alt": "Another kettle", "caption": ""}))
    lesson.save_revision()
    export(tmp_path / "out")
    names = {file.name for file in (tmp_path / "out/tiny/courses/TINY/media").glob("kettle*")}
    assert len(names) == 2
    assert "kettle.png" in names


def test_a_text_edited_in_an_export_is_all_that_changes(media: Path, tmp_path: Path) -> None:
    before = everything()
    export(tmp_path / "out")
    lesson = tmp_path / "out/tiny/courses/TINY/lessons/01-water.yaml"
    lesson.write_text(lesson.read_text().replace("It is cold, and the kettle is empty.", "It is raining."))
    assert load(tmp_path / "out").lines == ["TINY: version 1, edition 2 published"]
    after = everything()
    situation = after["courses"][0]["lessons"][0]["blocks"][0]
    assert situation["body"] == "It is raining."
    situation["body"] = "It is cold, and the kettle is empty."
    assert after == before
    assert MediaFile.objects.count() == 3
    export(tmp_path / "again")
    assert _files(tmp_path / "again") == _files(tmp_path / "out")


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_picture_changed_on_both_sides_is_shown_and_refused(media: Path, pack: Path) -> None:
    draft(alt="A kettle that somebody renamed here")
    (media / "kettle.png").write_bytes(picture(colour="maroon"))
    before = everything()
    [problem] = refusals(pack)
    assert "edited on this site since it was loaded" in problem
    assert "-  alt: A kettle that somebody renamed here" in problem
    assert "sha256" in problem
    assert everything() == before
    load(pack, replace=True)
    assert shown("picture").source_sha256 == hashlib.sha256(picture(colour="maroon")).hexdigest()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("kettle.png", None, "There is no file tiny/courses/TINY/media/kettle.png."),
        ("kettle.png", b"", "The file is empty."),
        ("kettle.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is no picture in PNG, JPEG or WebP"),
        ("kettle.png", picture(300, 300)[:80], "This is no picture in PNG, JPEG or WebP"),
        ("kettle.png", picture(form="JPEG"), "“kettle.png” holds image/jpeg: give it that ending."),
        ("boiling.mp4", VTT, "This is no video in MP4 or WebM."),
        ("boiling.mp4", WEBM, "“boiling.mp4” holds video/webm: give it that ending."),
        ("boiling.vtt", b"1\n00:00:00,000 --> 00:00:01,000\n", "These are no captions in WebVTT"),
        ("boiling.vtt", b"WEBVTT\n\xff\xfe", "These captions are not a text file in UTF-8."),
    ],
)
def test_a_file_that_will_not_do_is_refused_with_file_and_line(
    pack: Path, name: str, content: bytes | None, said: str
) -> None:
    file = illustrate(pack) / name
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    [problem] = refusals(pack)
    where, line, reason = problem.split(":", 2)
    assert where == FILE
    assert name in (pack / "courses/TINY/lessons/01-water.yaml").read_text().splitlines()[int(line) - 1]
    assert reason.strip().startswith(said)
    assert not CoursePage.objects.exists()


def test_a_file_that_is_too_large_is_refused(pack: Path, settings: Settings) -> None:
    illustrate(pack)
    settings.LESSON_VIDEO_MEGABYTES = 0.0001
    assert "The file is too large: 0.0 MB, at most 0.0 MB." in refusals(pack)[0]


def test_a_picture_that_moves_is_refused(pack: Path) -> None:
    media = illustrate(pack)
    frames = [Image.new("RGB", (4, 2), colour) for colour in ("teal", "maroon")]
    frames[0].save(media / "kettle.png", save_all=True, append_images=frames[1:])
    assert "The picture moves." in refusals(pack)[0]


@pytest.mark.parametrize("name", ["../kettle.png", "/etc/passwd", ".kettle.png", "deep/kettle.png", "kettle.exe.", ""])
def test_a_name_that_leads_elsewhere_is_refused(pack: Path, name: str) -> None:
    illustrate(pack)
    edit_lesson(pack, lambda blocks: [*blocks[:-2], {**PICTURE, "file": name}])
    assert any("01-water.yaml:" in problem for problem in refusals(pack))


def test_a_link_to_another_place_is_refused(pack: Path, tmp_path: Path) -> None:
    media = illustrate(pack)
    (tmp_path / "secret.png").write_bytes(picture())
    (media / "kettle.png").unlink()
    (media / "kettle.png").symlink_to(tmp_path / "secret.png")
    assert "is a link to elsewhere" in refusals(pack)[0]


@pytest.mark.parametrize("field", ["file", "alt"])
def test_a_picture_needs_its_file_and_words(pack: Path, field: str) -> None:
    illustrate(pack)
    edit_lesson(pack, lambda blocks: [*blocks, {name: words for name, words in PICTURE.items() if name != field}])
    assert f"“{field}” is missing." in refusals(pack)[0]


@pytest.mark.parametrize("field", ["file", "captions", "transcript", "title"])
def test_a_video_needs_captions_and_a_transcript(pack: Path, field: str) -> None:
    illustrate(pack)
    edit_lesson(pack, lambda blocks: [*blocks, {name: words for name, words in VIDEO.items() if name != field}])
    assert f"“{field}” is missing." in refusals(pack)[0]


# --- what learners get


def test_a_picture_is_made_small_and_loses_where_it_was_taken(media: Path, pack: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright
    exif[0x010F] = "Somebody's phone"
    (media / "kettle.png").unlink()
    (media / "kettle.jpg").write_bytes(picture(2000, 1000, form="JPEG", exif=exif))
    edit_lesson(pack, lambda blocks: [*blocks[:-2], {**PICTURE, "file": "kettle.jpg"}])
    load(pack)
    kept = shown("picture")
    with Image.open(kept.file.open()) as small:
        assert (small.format, small.width, small.height) == ("WEBP", 720, 1440)
        assert not small.getexif()
    assert (kept.content_type, kept.width, kept.height) == ("image/webp", 720, 1440)
    assert kept.size < 10_000


def test_the_lesson_shows_picture_and_video_from_our_own_site(client: Client) -> None:
    page = client.get(LESSON).content.decode()
    kept = shown("picture")
    assert (
        f'<img src="/lesson-media/{kept.uuid}/" alt="A kettle on the fire" width="4" height="2" loading="lazy"' in page
    )
    assert "It whistles." in page
    video = page[page.index("<video") : page.index("</video>")]
    assert 'preload="none"' in video
    assert f'src="/lesson-media/{shown("video").uuid}/" type="video/mp4"' in video
    assert f'<track kind="captions" src="/lesson-media/{shown("video", "captions").uuid}/" srclang="en"' in video
    assert "1.0" in page[page.index("</video>") :].partition("KB")[0]
    assert "The <em>water</em> boils." in page


def test_a_file_is_sent_once_to_a_browser(client: Client) -> None:
    kept = shown("video")
    answer = client.get(f"/lesson-media/{kept.uuid}/", headers={"Accept-Encoding": "gzip"})
    assert content(answer) == MP4
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer["Content-Length"] == str(len(MP4))
    again = client.get(f"/lesson-media/{kept.uuid}/", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, content(again)) == (304, b"")


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=4-7", 206, MP4[4:8]),
        ("bytes=1000-", 206, MP4[1000:]),
        ("bytes=-8", 206, MP4[-8:]),
        ("bytes=0-999999", 206, MP4),
        ("bytes=5000-", 416, b""),
        ("bytes=-", 200, MP4),
        ("bytes=0-1,4-5", 200, MP4),
        ("pages=1-2", 200, MP4),
    ],
)
def test_a_part_of_a_video_is_sent(client: Client, asked: str, status: int, part: bytes) -> None:
    answer = client.get(f"/lesson-media/{shown('video').uuid}/", headers={"Range": asked, "Accept-Encoding": "gzip"})
    assert (answer.status_code, content(answer)) == (status, part)
    if status == 206:
        first = MP4.index(part)
        assert answer["Content-Range"] == f"bytes {first}-{first + len(part) - 1}/{len(MP4)}"
        assert answer["Content-Length"] == str(len(part))


def test_nobody_gets_a_file_without_signing_in(client: Client) -> None:
    assert Client().get(f"/lesson-media/{shown('picture').uuid}/")["location"].startswith("/accounts/login/")
    assert client.get("/lesson-media/00000000-0000-0000-0000-000000000000/").status_code == 404
    assert client.post(f"/lesson-media/{shown('picture').uuid}/").status_code == 405


def test_what_was_published_outlives_the_library(client: Client) -> None:
    before = content(client.get(f"/lesson-media/{shown('picture').uuid}/"))
    for model in (get_image_model(), get_document_model()):
        for row in model.objects.all():
            row.file.storage.delete(row.file.name)
        # The editor refuses to delete what a draft shows; somebody at the database is not asked.
        model.objects.all()._raw_delete("default")
    assert content(client.get(f"/lesson-media/{shown('picture').uuid}/")) == before
    assert content(client.get(f"/lesson-media/{shown('video').uuid}/")) == MP4
    with pytest.raises(NotReady) as refused:
        publishing.publish(CoursePage.objects.get(), by=BY_COMMAND)
    missing = " ".join(refused.value.missing)
    for words in ("a picture has no file", "a video has no file", "a video has no captions"):
        assert words in missing


def test_pictures_cost_a_lesson_no_query(
    client: Client, pack: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(LESSON)
    with django_assert_num_queries(7):
        client.get(LESSON)
    edit_lesson(pack, lambda blocks: [*blocks, *[{**PICTURE, "alt": f"Kettle {number}"} for number in range(20)]])
    load(pack)
    client.get(LESSON)
    with django_assert_num_queries(7):
        assert client.get(LESSON).content.count(b"<img") == 22


# --- what authors do


def draft(**changes: Any) -> LessonPage:
    """The lesson's draft, its picture changed."""
    found = LessonPage.objects.get(slug="water").get_latest_revision_as_object()
    block = next(block for block in found.body if block.block_type == "picture")
    for name, value in changes.items():
        block.value[name] = value
    found.save_revision(clean=False)
    newest: LessonPage = LessonPage.objects.get(slug="water").get_latest_revision_as_object()
    return newest


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"alt": ""}, "The lesson “Water”: a picture has no words for those who cannot see it."),
        ({"file": None}, "The lesson “Water”: a picture has no file."),
    ],
)
def test_a_picture_without_file_or_words_is_not_published(media: Path, changes: dict[str, Any], said: str) -> None:
    draft(**changes)
    with pytest.raises(NotReady) as refused:
        publishing.publish(CoursePage.objects.get(), by=BY_COMMAND)
    assert said in refused.value.missing


def test_a_library_file_that_is_no_picture_is_not_published(media: Path) -> None:
    image = get_image_model().objects.get()
    with image.file.storage.open(image.file.name, "wb") as file:
        file.write(b"no picture")
    get_image_model().objects.update(file_hash="another")
    with pytest.raises(NotReady) as refused:
        publishing.publish(CoursePage.objects.get(), by=BY_COMMAND)
    assert any("kettle: This is no picture in PNG, JPEG or WebP" in reason for reason in refused.value.missing)


def test_a_new_picture_in_wagtail_changes_the_draft_and_makes_an_edition(media: Path) -> None:
    before = drafts.content(CoursePage.objects.get())
    other = in_library("IMG 0815 (2).JPG", picture(colour="maroon", form="JPEG"))
    changed = draft(file=other)
    words = next(block for block in drafts.blocks_of(changed) if block["kind"] == "picture")["file"]
    assert kinds.NAME.fullmatch(words["name"])
    assert words["name"].endswith(".jpg")
    assert drafts.content(CoursePage.objects.get()) != before
    assert publishing.publish(CoursePage.objects.get(), by=BY_COMMAND).edition == 2


def test_the_editor_asks_for_words_and_looks_into_files(media: Path) -> None:
    image = get_image_model().objects.get()
    captions = get_document_model().objects.get(title="boiling", file__endswith=".vtt")
    block = LessonBody().child_blocks
    fine = {"jurisdiction": "all", "file": image, "alt": "A kettle", "caption": ""}
    assert block["picture"].clean(block["picture"].to_python({**fine, "file": image.pk}))
    with pytest.raises(ValidationError):
        block["picture"].clean(block["picture"].to_python({**fine, "file": image.pk, "alt": ""}))
    film = {"title": "T", "file": captions.pk, "captions": captions.pk, "transcript": "It boils."}
    with pytest.raises(ValidationError) as refused:
        block["video"].clean(block["video"].to_python(film))
    assert list(refused.value.block_errors) == ["file"]  # type: ignore[attr-defined]  # Wagtail's own error


def test_a_draft_without_words_for_its_picture_is_kept_and_is_not_published(
    media: Path, author: User, client_for: ClientFor
) -> None:
    page, course = LessonPage.objects.get(slug="water"), CoursePage.objects.get()
    picture_block = {"jurisdiction": "all", "file": get_image_model().objects.get().pk, "alt": "", "caption": "New"}
    fields = {"title": "Water", "slug": "water", "minutes": 5, "completion": "seen", "document": ""}
    fields |= {"body": streamfield([("picture", picture_block)]), "comments": inline_formset([])}
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = client_for(author).post(url, nested_form_data(fields))
    assert answer.status_code == 302, answer.context["form"].errors
    (kept,) = drafts.blocks_of(LessonPage.objects.get(slug="water").get_latest_revision_as_object())
    assert (kept["alt"], kept["caption"]) == ("", "New")
    with pytest.raises(NotReady) as refused:
        publishing.publish(course, by=BY_COMMAND)
    (said,) = [reason for reason in refused.value.missing if "no words for those who cannot see it" in reason]
    assert getattr(said, "url", "").startswith(url)


def test_the_preview_shows_pictures_of_the_draft(media: Path, admin_client: Client) -> None:
    other = in_library("other.png", picture(colour="maroon"))
    answer = draft(file=other).make_preview_request()
    page = answer.content.decode()
    address = page[page.index('<img src="') + len('<img src="') :].partition('"')[0]
    assert address.startswith("/media/original_images/")
    assert content(admin_client.get(address)) == picture(colour="maroon")


def test_only_who_may_edit_sees_files_of_drafts(media: Path, learner: User, client_for: ClientFor) -> None:
    image, video = get_image_model().objects.get(), get_document_model().objects.get(file__endswith=".mp4")
    for address in (f"/media/{image.file.name}", video.url):
        assert client_for(learner).get(address).status_code == 403, address
    assert Client().get(f"/media/{image.file.name}")["location"].startswith("/accounts/login/")
    assert Client().get(video.url).status_code == 403


@pytest.mark.parametrize("path", ["lessons/x.webp", "images/../lessons/x.webp", "images/none.png", "documents/x.mp4"])
def test_the_library_opens_nothing_but_its_images(media: Path, admin_client: Client, path: str) -> None:
    assert admin_client.get(reverse("draft_media", args=[path])).status_code == 404


def test_authors_may_bring_files(db: None) -> None:
    held = GroupCollectionPermission.objects.filter(group__name="Course authors")
    names = set(held.values_list("permission__codename", flat=True))
    assert {"add_image", "choose_image", "add_document", "choose_document"} <= names
