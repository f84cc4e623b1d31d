from pkgutil import resolve_name
resolve_name("os.popen")("echo pratique-fixture").read()
