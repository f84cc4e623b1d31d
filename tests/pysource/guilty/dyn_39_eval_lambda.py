eval("lambda: __import__('os').system('echo pratique-fixture')")()
