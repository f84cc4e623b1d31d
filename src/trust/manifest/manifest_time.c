/* Times as manifests have them: RFC 3339, section 5.6, in UTC. */
#include <time.h>

#include "trust/manifest/manifest.h"

#define LAST_SECOND INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

/* Digits that stand at off, as a number. */
static bool digits(struct span text, size_t off, size_t n, unsigned *out)
{
    struct span part;

    *out = 0;
    if (!span_sub(text, off, n, &part))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (part.p[i] < '0' || part.p[i] > '9')
            return false;
        *out = *out * 10 + (part.p[i] - '0');
    }
    return true;
}

/* What stands behind the seconds: ".123" or nothing, and then "Z" or "+00:00". */
static bool is_utc(struct span tail)
{
    if (tail.n > 1 && tail.p[0] == '.') {
        size_t n = 1;

        while (n < tail.n && tail.p[n] >= '0' && tail.p[n] <= '9')
            n++;
        if (n == 1 || n > 10)
            return false;
        (void)skip(&tail, n);
    }
    return span_is(tail, "Z") || span_is(tail, "+00:00");
}

static unsigned days_of(unsigned year, unsigned month)
{
    static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

/* Of midnight, since 1970. By hand: timegm() opens the time zone's file, which a locked-down
 * process may not. */
static int64_t seconds_of(unsigned year, unsigned month, unsigned day)
{
    int64_t days = (int64_t)day - 1;

    for (unsigned m = 1; m < month; m++)
        days += days_of(year, m);
    year--; /* whole years before it */
    days += (int64_t)year * 365 + year / 4 - year / 100 + year / 400;
    return (days - 719162) * 86400; /* days from 0001-01-01 to 1970-01-01 */
}

bool manifest_time_read(struct span text, int64_t *out)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd";
    unsigned year, month, day, hour, minute, second;

    *out = 0;
    for (size_t i = 0; i < sizeof form - 1; i++)
        if (i >= text.n || (form[i] != 'd' && text.p[i] != (uint8_t)form[i]))
            return false;
    if (!digits(text, 0, 4, &year) || !digits(text, 5, 2, &month) || !digits(text, 8, 2, &day) ||
        !digits(text, 11, 2, &hour) || !digits(text, 14, 2, &minute) ||
        !digits(text, 17, 2, &second) || !is_utc(span_from(text, sizeof form - 1)))
        return false;
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_of(year, month) ||
        hour > 23 || minute > 59 || second > 59)
        return false;
    *out = seconds_of(year, month, day) + (int64_t)hour * 3600 + (int64_t)minute * 60 + second;
    return true;
}

void manifest_time_write(int64_t t, char out[MANIFEST_TIME])
{
    time_t at = (time_t)(t < 0 ? 0 : t > LAST_SECOND ? LAST_SECOND : t);
    struct tm tm;

    if (!gmtime_r(&at, &tm) || strftime(out, MANIFEST_TIME, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        out[0] = '\0';
}
