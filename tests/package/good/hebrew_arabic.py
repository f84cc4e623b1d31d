GREETINGS = {"he": "שלום עולם", "ar": "مرحبا بالعالم", "fa": "سلام دنیا", "en": "hello, world"}
MONTHS = ["ינואר", "פברואר", "מרץ"]  # חודשים


def greet(language):
    """שלום = peace; مرحبا = welcome."""
    return GREETINGS.get(language, GREETINGS["en"])
