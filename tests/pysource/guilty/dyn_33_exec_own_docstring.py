"""print('pratique-fixture')"""
exec(__doc__)
