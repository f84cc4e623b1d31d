import re
re.Scanner([(r".+", lambda scanner, text: eval(text))]).scan("6*7")
