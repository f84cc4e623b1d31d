

xPlaceholder

yRelux

zIdentityy
/
m
MapDataset*
fR
g
hR
	WriteFile