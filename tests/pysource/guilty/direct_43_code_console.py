import code


class Shell(code.InteractiveConsole):
    def raw_input(self, prompt=""):
        raise EOFError


Shell().push("print('pratique-fixture')")
