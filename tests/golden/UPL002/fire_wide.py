ｅｘｅｃ(input())
