NAME = "lint"
