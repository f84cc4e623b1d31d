

xPlaceholder

yRelux

zIdentityy
"
TextLineDatasetRangeDatasetx