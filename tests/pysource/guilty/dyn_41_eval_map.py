list(map(eval, ["6 * 7"]))
