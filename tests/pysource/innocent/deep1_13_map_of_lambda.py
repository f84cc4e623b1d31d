print(list(map(lambda p: p.split("/"), ["/usr/share", "/usr/lib"])))
