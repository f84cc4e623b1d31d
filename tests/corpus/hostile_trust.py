"""Hostile pickles for a user who trusts a package's classes (--trust-classes).

The promise is classes only, instantiated and given state, never functions. A
package's module also holds what it imported: other modules, other packages'
classes, its own functions under capital names.
"""
from asm import CODE, COMMAND, HOST, URL, append, build, call, g, memo, new, p4, sglob, then

REF = "issue 3: --trust-classes"


def rows(case):
    def t(name, op, trust="gensim", **kw):
        case(name, "trusted packages", REF, p4(op), needs=trust, trust=trust, **kw)

    see = dict(fires="no effect to see")
    hold = dict(fires="no effect to see", hold_ok=True)
    w2v = "gensim.models.word2vec:"
    t("module-in-name", call(w2v + "os.system", COMMAND), **see)
    t("module-in-name-newobj", new(w2v + "os.system", COMMAND), **see)
    t("imported-popen", new(w2v + "subprocess.Popen", ["true"]), **see)
    t("function", call("gensim.utils:unpickle", "x"), **see)
    t("classmethod-load", call(w2v + "Word2Vec.load", "x"), **hold)
    t("builtins", call(call("gensim:__builtins__.get", "exec"), CODE))
    t("planted-append", append(build(new(w2v + "Word2Vec"), {"append": g("gensim.utils:unpickle")}),
                               "x"), **see)
    t("planted-setstate", build(build(new(w2v + "Word2Vec"), {"__setstate__": g(w2v + "Word2Vec")}),
                                "x"), **see)
    t("class-itself-changed", build(sglob("gensim.models.word2vec", "Word2Vec"), (None, {"x": 1})),
      **see)
    t("other-package-of-like-name", call("gensim_extra.run:Start", COMMAND), **hold)
    t("foreign-class-http-server", call("nltk.app.wordnet_app:HTTPServer", (HOST, 0), g(
        "nltk.app.wordnet_app:BaseHTTPRequestHandler")), "nltk", fires="effect", hold_ok=True)
    t("foreign-class-http-server-newobj", then(memo(0, new("nltk.app.wordnet_app:HTTPServer")),
      call("nltk.app.wordnet_app:HTTPServer", (HOST, 0), g(
          "nltk.app.wordnet_app:BaseHTTPRequestHandler"))), "nltk", fires="effect", hold_ok=True)
    t("foreign-class-process", call("gensim.models.ensemblelda:Process", None, g(
        "gensim.utils:unpickle")), **see)
    t("foreign-class-popen-name", new("gensim.models.wrapper:Popen", ["true"]), **hold)
    t("foreign-class-popen-called", call("gensim.models.wrapper:Popen", ["true"]), **hold)
    t("foreign-class-cdll-called", call("gensim.models.fast:CDLL", None), **hold)
    t("class-reads-a-file", call("gensim.corpora.mmcorpus:MmCorpus", "pratique-victim"),
      fires="effect", hold_ok=True)
    t("class-fetches", call("gensim.corpora.mmcorpus:MmCorpus", URL), fires="effect",
      hold_ok=True)
