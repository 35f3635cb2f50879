"""Words inside a chart: cut to the room that they have, and never read as markup."""


def cut(text: str, letters: int) -> str:
    """The text, cut at its end where it has more letters."""
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def plain(text: str) -> str:
    """Text that plotly.js doesn't read as its own markup, which would make live links of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;")
