import codecs

eval(compile(codecs.decode("cevag('cengvdhr-svkgher')", "rot13"), "<m>", "exec"))
