"""How often one connection may check certificates. Counted in the cache for a minute, by a hash, then forgotten."""

from hashlib import sha256

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from lms.core import clock


def may_check(request: HttpRequest) -> bool:
    """Count one more check; False once there were too many within this minute."""
    # allauth's own counter lets every GET pass, and a scanned code is a GET.
    client = f"{get_adapter().get_client_ip(request)} {settings.SECRET_KEY}"
    minute = int(clock.now().timestamp()) // 60
    key = f"certificate-check:{sha256(client.encode()).hexdigest()[:32]}:{minute}"
    cache.add(key, 0, timeout=120)
    return bool(cache.incr(key) <= settings.CERTIFICATE_CHECKS_PER_MINUTE)
