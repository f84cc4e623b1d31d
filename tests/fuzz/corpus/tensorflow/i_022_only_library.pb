


f
w	WriteFile