

xPlaceholder

yRelux

zIdentityy

nXlaCustomCallV2x