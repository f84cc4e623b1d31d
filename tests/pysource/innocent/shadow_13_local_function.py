def main():
    def open(name):
        return name.lower()
    return open("/X")


main()
