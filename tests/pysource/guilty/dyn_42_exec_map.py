list(map(exec, ["print('pratique-fixture')"]))
