list(filter(exec, ["print('pratique-fixture')"]))
