"""Never do this:

    exec(urllib.request.urlopen(URL).read())
"""
x = 1
