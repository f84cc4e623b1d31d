

xPlaceholder

yRelux

zIdentityy

nDataServiceDatasetV4x