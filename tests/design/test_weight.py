"""Pages are sent compressed to whoever takes it."""

import gzip

import pytest
from django.test import Client

from tests.cast import Office


@pytest.mark.django_db
def test_a_page_is_compressed_for_whoever_takes_it(client: Client, office: Office) -> None:
    plain, packed = client.get("/"), client.get("/", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert b"</html>" in gzip.decompress(packed.content)
