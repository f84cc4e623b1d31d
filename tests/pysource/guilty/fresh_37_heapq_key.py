import heapq
heapq.nsmallest(1, ["6*7"], key=eval)
