

xPlaceholder

yRelux

zIdentityy

nReadFilex