

xPlaceholder

yRelux

zIdentityy
:
pConst*
dtype0*!
valueBB/home/user/.bashrc
	
cfp9
7

f
xPlaceholder
yRelux
zIdentityy