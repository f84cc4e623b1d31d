import rlcompleter
rlcompleter.Completer({"x": 1}).attr_matches("x.re")
