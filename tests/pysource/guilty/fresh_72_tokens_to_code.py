import io, tokenize
source = "print('pratique-fixture')"
exec(tokenize.untokenize(tokenize.generate_tokens(io.StringIO(source).readline)))
