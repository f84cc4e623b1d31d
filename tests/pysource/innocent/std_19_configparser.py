import configparser
c = configparser.ConfigParser()
c.read_string("[a]\nexec = 1\n")
print(c["a"]["exec"])
