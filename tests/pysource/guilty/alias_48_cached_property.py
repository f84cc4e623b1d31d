import functools
import os


class Job:
    @functools.cached_property
    def run(self):
        return os.system


Job().run("echo pratique-fixture")
