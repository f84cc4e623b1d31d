name = "x"
page = t"<p>eval({name}) os.system('{name!r:>10}')</p>"
