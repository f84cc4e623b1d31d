

xPlaceholder

yRelux

zIdentityy

nCollectiveReduceV2x