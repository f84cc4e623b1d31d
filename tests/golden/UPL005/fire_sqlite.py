def f(db):
    db.enable_load_extension(True)
