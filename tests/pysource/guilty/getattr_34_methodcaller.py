import operator, os
operator.methodcaller("system", "echo pratique-fixture")(os)
