import configparser
c = configparser.ConfigParser(converters={"code": eval})
c.read_string("[a]\nx = 6*7\n")
c["a"].getcode("x")
