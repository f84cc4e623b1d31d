import dns.resolver


def txt(name):
    return [b"".join(r.strings).decode() for r in dns.resolver.resolve(name, "TXT")]
