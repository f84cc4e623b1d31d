import codeop
exec(codeop.compile_command("print('pratique-fixture')"))
