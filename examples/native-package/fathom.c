/*
 * The library of the example: how deep the water is, from the time that an echo takes.
 *
 *     cc -O2 -fPIC -shared -o libfathom.so fathom.c
 */
#ifndef MADE_BY
#define MADE_BY "the author"
#endif

#ifndef SOUND
#define SOUND 1500.0 /* metres in a second, in sea water */
#endif

/* Tells who made it, so that the tests can tell a swapped one by its bytes. */
const char fathom_made_by[] = "fathom 1.0, made by " MADE_BY;

/* Soundings of nowhere: a transfer of some length has more places to break off. */
const unsigned char fathom_chart[400 * 1024] = { 12, 17, 23, 31, 40, 38, 29, 20 };

double fathom_depth(double seconds)
{
    return seconds < 0 ? -1 : seconds * SOUND / 2;
}
