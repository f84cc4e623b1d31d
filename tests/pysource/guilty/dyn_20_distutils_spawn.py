from distutils.spawn import spawn
spawn(["echo", "pratique-fixture"])
