import ipaddress
print(ipaddress.ip_address("127.0.0.1").is_loopback)
