

xPlaceholder

yRelux

zIdentityy
8
reConst*
dtype0*
valueBB/[a-z]+/(x|y)*/
,
cStatefulPartitionedCallre*

fR
f9
7

f
xPlaceholder
yRelux
zIdentityy