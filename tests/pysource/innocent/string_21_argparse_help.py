import argparse
p = argparse.ArgumentParser(description="finds eval(...) and exec(...) calls")
p.add_argument("--exec", help="name of the function, e.g. os.system", default="eval")
p.add_argument("--open", metavar="/PATH")
print(p.parse_args([]).exec)
