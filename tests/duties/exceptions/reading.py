"""Pages as words, the way somebody reads them aloud."""

import re
from collections.abc import Callable
from html import unescape

from django.http import HttpResponseBase
from django.test import Client

from lms.organisation.models import User

ClientFor = Callable[[User], Client]


def words_of(response: HttpResponseBase) -> str:
    """The text of a page's content, with single spaces."""
    html = response.content.decode()  # type: ignore[attr-defined]
    content = html.partition("<main")[2]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", content))).replace(" .", ".").replace(" :", ":")
