@eval
@lambda c: "print('pratique-fixture')"
class Body:
    pass
