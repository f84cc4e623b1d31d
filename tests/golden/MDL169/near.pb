

xPlaceholder

yRelux

zIdentityy

CollectiveReduceV2Sumx