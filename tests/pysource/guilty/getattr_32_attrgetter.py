import operator, os
operator.attrgetter("system")(os)("echo pratique-fixture")
