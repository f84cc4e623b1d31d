# Written by the release script. Do not edit.
VERSION = "3.4.1"
PINS = {
    "linux_x86_64": {"file": "n-3.4.1-linux.so", "sha256": "53e20d68eab19125f557ae454f2eabb83de832647032abdb3fddcd6f4a576b57", "size": 712344},
    "macosx_arm64": {"file": "n-3.4.1-mac.dylib", "sha256": "5609f3253bb3a4c9c91b172511985a06331c3f3fdbe1ca38df3df48c44c6b8f7", "size": 698112},
}
