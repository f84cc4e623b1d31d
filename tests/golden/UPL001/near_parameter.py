def f(subprocess):
    return subprocess.run(['echo'])
