import os, pickle


class Gift:
    def __reduce__(self):
        return (os.popen, ("echo pratique-fixture",))


blob = pickle.dumps(Gift())
Gift().__reduce__()[0]("echo pratique-fixture")
