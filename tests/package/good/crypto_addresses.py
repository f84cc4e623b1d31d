import re

BITCOIN = re.compile(r"^(bc1|[13])[a-zA-HJ-NP-Z0-9]{25,39}$")
ETHEREUM = re.compile(r"^0x[a-fA-F0-9]{40}$")


def kind(text):
    if BITCOIN.match(text):
        return "bitcoin"
    return "ethereum" if ETHEREUM.match(text) else None
