import os


class Compiler:
    output_dir = None
    exe = ""

    def executable(self, base, output_dir=""):
        return os.path.join(output_dir, base + (self.exe or ""))

    def clean(self):
        name = self.executable("pratique-fixture.out", output_dir=self.output_dir or "")
        if os.path.exists(name):
            os.remove(name)


Compiler().clean()
