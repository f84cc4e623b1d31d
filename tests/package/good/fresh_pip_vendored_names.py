payload = {"exec": "print", "install": True}


def download(items):
    return [item for item in items if item]


def execute(plan):
    return [step() for step in plan]


class Installer:
    def run(self):
        return download(["a", "", "b"])


execute([Installer().run])
