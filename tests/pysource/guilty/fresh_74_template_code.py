import string
exec(string.Template("print('$what')").substitute(what="pratique-fixture"))
