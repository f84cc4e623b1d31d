print(f"""{
    # a comment may stand here
    exec("print('pratique-fixture')")
}""")
