type[x]: int = 3
type (x).y = 4
