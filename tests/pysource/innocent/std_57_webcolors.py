import colorsys, calendar, datetime, decimal, fractions
print(colorsys.rgb_to_hsv(1, 0, 0), calendar.isleap(2000), datetime.date(2000, 1, 1),
      decimal.Decimal("1.1"), fractions.Fraction(1, 3))
