class Page:
    def evaluate(self, script): return script
    def execute_script(self, script): return script


p = Page()
p.evaluate("() => eval('1')")
p.execute_script("window.open('/')")
