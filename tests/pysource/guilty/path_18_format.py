try:
    open("{}/{}".format("/nonexistent", "pratique-fixture"))
except OSError:
    pass
