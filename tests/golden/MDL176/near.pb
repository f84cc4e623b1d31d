

xPlaceholder

yRelux

zIdentityy
!
SummaryWriterScalarSummaryx