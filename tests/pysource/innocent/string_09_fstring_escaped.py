x = f"{{eval('1')}} {'os.system'!r}"
