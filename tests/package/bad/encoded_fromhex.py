def _run(text, how=exec):
    how(bytes.fromhex(text).decode())


_run("7072696e74282770726174697175652d666978747572652729")
