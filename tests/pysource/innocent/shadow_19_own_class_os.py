class os:
    name = "fixture"

    @staticmethod
    def system(command):
        return len(command)


os.system("echo")
