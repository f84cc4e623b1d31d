import os


class A:
    class B:
        pass


A.B.c = os
A.B.c.system("echo pratique-fixture")
