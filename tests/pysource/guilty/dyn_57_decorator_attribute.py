import types
ns = types.SimpleNamespace(deco=exec)


@ns.deco
@str.strip.__class__ and (lambda f: "print('pratique-fixture')")
def body(): pass
