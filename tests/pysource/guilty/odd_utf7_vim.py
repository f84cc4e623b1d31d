#!/usr/bin/python
# vim: set fileencoding=utf-7 :
+AGUAeABlAGM-("print('pratique-fixture')")
