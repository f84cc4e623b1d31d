x = rb"__import__\('os'\)"
