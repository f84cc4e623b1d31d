import runpy
runpy.run_path('pratique_fixture.py')
