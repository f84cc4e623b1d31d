from builtins import eval as a, exec as b
b("6*7"), a("6*7")
