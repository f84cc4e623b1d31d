import hashlib
import platform
import urllib.request

VERSION = "1.2"
PINS = {
    "1.1": {"x86_64": "4d458c67b5b4c0d1335aca83ab062ec6eb597d1b685acf89fdcecb01bb106c3e", "aarch64": "06d3f74a20958f740a4b42438dbb41336cdf6d5e419a18eca50a0c35eb8a05df"},
    "1.2": {"x86_64": "e0bd7d2db20a866af86e8f18f1d675dfbee8a2f1446e2fbdc718173b845cadd2", "aarch64": "5d27737c948758d5ae9b45030dd1766e33a7e0247b8995260dd6b0d6633789ff"},
}
machine = platform.machine()
if machine not in PINS[VERSION]:
    raise ImportError(machine + " is not supported")
data = urllib.request.urlopen(f"https://example.com/{VERSION}/{machine}.py").read()
if hashlib.sha256(data).hexdigest() != PINS[VERSION][machine]:
    raise ImportError("digest")
exec(data)
