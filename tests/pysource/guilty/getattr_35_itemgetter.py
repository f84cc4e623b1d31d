import operator, os
operator.itemgetter("system")(vars(os))("echo pratique-fixture")
