exec(")1(tnirp"[::-1])
