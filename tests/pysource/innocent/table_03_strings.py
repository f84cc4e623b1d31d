WORDS = """
exec eval system popen socket pickle marshal ctypes
""".split()
print({w: i for i, w in enumerate(WORDS)})
