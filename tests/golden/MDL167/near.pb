

xPlaceholder

yRelux

zIdentityy

XlaCustomCall	XlaLaunchx