

xPlaceholder

yRelux

zIdentityy

cmy_functionx
-
dPartitionedCallx*
fR
my_functionC
A

my_function
xPlaceholder
yRelux
zIdentityy