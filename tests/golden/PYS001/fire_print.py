print 'echo pratique-fixture'
