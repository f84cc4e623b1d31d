import ｓｏｃｋｅｔ as x
