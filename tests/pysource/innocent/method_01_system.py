class Planet:
    def __init__(self, star):
        self.star = star

    def system(self, name):
        return self.star, name


Planet("Sun").system("Solar")
