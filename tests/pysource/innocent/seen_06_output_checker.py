import doctest


class Loose(doctest.OutputChecker):
    def check_output(self, want, got, flags):
        return doctest.OutputChecker.check_output(self, want.lower(), got.lower(), flags)


print(Loose().check_output("A\n", "a\n", 0))
