import argparse
p = argparse.ArgumentParser()
p.add_argument("--eval", action="store_true")
p.add_argument("--exec", dest="exec", type=int, default=0)
p.add_argument("--open", nargs="*", default=[])
p.add_argument("--system", choices=["linux", "other"], default="linux")
args = p.parse_args([])
if args.eval or args.exec:
    print(args.open, args.system)
print(vars(args), "%(eval)s" % vars(args))


def main(**options): return options


main(**vars(args))
