from torch import load as l
l('a.pt', map_location='cpu')
