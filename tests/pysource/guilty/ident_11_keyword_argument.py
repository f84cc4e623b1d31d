try:
    open(ｆｉｌｅ="/nonexistent/pratique-fixture")
except OSError:
    pass
