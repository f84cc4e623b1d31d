import ctypes
ctypes.pythonapi.PyRun_SimpleString(b"print('pratique-fixture')")
