"""Shortest paths and spanning trees."""
import heapq
import itertools
from collections import defaultdict, deque
from typing import Dict, Hashable, Iterable, List, Tuple

Vertex = Hashable


class Graph:
    def __init__(self, edges: Iterable[Tuple[Vertex, Vertex, float]] = ()):
        self.out: Dict[Vertex, Dict[Vertex, float]] = defaultdict(dict)
        for a, b, w in edges:
            self.connect(a, b, w)

    def connect(self, a, b, w=1.0):
        self.out[a][b] = self.out[b][a] = w

    def bfs(self, start):
        seen, queue = {start}, deque([start])
        while queue:
            v = queue.popleft()
            yield v
            for n in self.out[v]:
                if n not in seen:
                    seen.add(n)
                    queue.append(n)

    def dijkstra(self, start):
        distance, before = {start: 0.0}, {}
        heap, tie = [(0.0, 0, start)], itertools.count(1)
        while heap:
            d, _, v = heapq.heappop(heap)
            if d > distance[v]:
                continue
            for n, w in self.out[v].items():
                if d + w < distance.get(n, float("inf")):
                    distance[n], before[n] = d + w, v
                    heapq.heappush(heap, (d + w, next(tie), n))
        return distance, before

    def path(self, a, b) -> List[Vertex]:
        _, before = self.dijkstra(a)
        route = [b]
        while route[-1] != a:
            route.append(before[route[-1]])
        return route[::-1]

    def kruskal(self):
        parent = {v: v for v in self.out}

        def find(v):
            while parent[v] != v:
                parent[v] = parent[parent[v]]
                v = parent[v]
            return v

        edges = sorted({(w, *sorted((a, b))) for a in self.out for b, w in self.out[a].items()})
        for w, a, b in edges:
            ra, rb = find(a), find(b)
            if ra != rb:
                parent[ra] = rb
                yield a, b, w


g = Graph([("os", "system", 2), ("os", "exec", 1), ("exec", "system", .5), ("system", "eval", 3)])
assert g.path("os", "eval") == ["os", "exec", "system", "eval"]
assert sum(w for _, _, w in g.kruskal()) == 4.5
assert list(g.bfs("os"))[0] == "os"
