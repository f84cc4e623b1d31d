import marshal
(lambda: 0).__class__((lambda: 0).__code__, {})()
