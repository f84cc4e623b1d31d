exec "print 'pratique-fixture'"
