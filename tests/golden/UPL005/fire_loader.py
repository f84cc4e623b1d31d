from importlib.machinery import ExtensionFileLoader as E
E('a', 'b')
