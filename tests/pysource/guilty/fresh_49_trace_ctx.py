import trace
trace.Trace(count=0, trace=0).runctx("6*7", {}, {})
