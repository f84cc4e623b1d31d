class open:
    def __init__(self, path):
        self.path = path


open("/nonexistent/pratique-fixture")
