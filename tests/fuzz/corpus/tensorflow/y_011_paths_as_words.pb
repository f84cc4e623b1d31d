

xPlaceholder

yRelux

zIdentityy
=
wordsConst*
dtype0* 
valueBB/B..Ba/bB~BC:
/
cStatefulPartitionedCallwords*

fR
f9
7

f
xPlaceholder
yRelux
zIdentityy