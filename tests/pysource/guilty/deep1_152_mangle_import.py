class C:
    import subprocess as __s
C._C__s.run(["echo", "pratique-fixture"])
