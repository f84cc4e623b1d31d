exec("print(pratique)", {"pratique": "fixture"})
