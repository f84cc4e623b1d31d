import textwrap
exec(textwrap.dedent("""
    for i in range(1):
        print('pratique-fixture')
"""))
