__builtins__.__dict__["\x1cexec".strip()]("pass")
