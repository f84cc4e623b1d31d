def run(text):
    exec(text)
