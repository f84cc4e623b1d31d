import dns.resolver
answers = dns.resolver.resolve
