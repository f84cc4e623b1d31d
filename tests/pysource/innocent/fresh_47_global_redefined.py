def setup():
    global compile

    def compile(source):
        return source.split()


setup()
print(compile("a b"))
