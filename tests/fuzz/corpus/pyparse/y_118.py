match = 1
match(x)
match[x]
match.x = 1
match -x
match * x, y
match, case = 1, 2
match[x:y]
match[x]: int = 5
match: int = 6
match (x).y
match not in x
match in x
match is x
match if x else y
case = 3
case(1)
_ = 3
print(match, case, _)
match = {}
match
match(*a, **b)
match()
match [a, b]
