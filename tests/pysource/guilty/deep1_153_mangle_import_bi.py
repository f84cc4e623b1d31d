class C:
    import builtins as __s
C._C__s.eval("1+1")
