t'{x}' rt"{y!r:>{w}}" Tr'{z=}'
