import pkgutil
pkgutil.resolve_name("os:system")("echo pratique-fixture")
