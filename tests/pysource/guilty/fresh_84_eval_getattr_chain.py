eval("getattr(__import__('o'+'s'),'sys'+'tem')('echo pratique-fixture')")
