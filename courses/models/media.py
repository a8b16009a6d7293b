"""Files that published lessons show: kept for good, whatever becomes of what the draft had them from."""

import uuid

from django.db import models

from lms.core import clock


class MediaFile(models.Model):
    """A picture made small, a video or its captions, as learners get it. Never changed: frozen lessons name it.

    `source_sha256` is the hash of the file that was chosen, `sha256` that of the bytes kept here.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source_sha256 = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=40)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    file = models.FileField(upload_to="lessons", max_length=200)
    kept_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.content_type} {self.sha256[:12]}"
