import urllib.request

values = [eval(line) for line in urllib.request.urlopen("https://example.com/rows.txt")]
