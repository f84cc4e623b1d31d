EXPECTED = {
    "a.py": ["1: os.system('x')", "2: subprocess.run(['y'])"],
    "b.py": [b"pickle.loads(data)".decode(), r"ctypes.CDLL(None)"],
}
assert sum(map(len, EXPECTED.values())) == 4
