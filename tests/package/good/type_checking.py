from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    import subprocess
    import urllib.request
    from collections.abc import Iterable

    import requests


def status(response: requests.Response) -> int:
    return response.status_code


def wait(p: subprocess.Popen[bytes]) -> int:
    return p.wait()
