"""Other tools' words for devices and channels, in ours. A word that nobody here knows is "other"."""

from typing import Final

import polars as pl

from data.contract import CHANNELS, DEVICES

DEVICE_WORDS: Final = {
    "desktop": ("computer", "pc", "laptop", "web"),
    "mobile": ("phone", "smartphone", "mobile phone", "mobile device", "cell phone"),
    "tablet": ("ipad", "tablet device", "phablet"),
}
CHANNEL_WORDS: Final = {
    "direct": ("(direct)", "(none)", "none", "direct entry"),
    "search engine": ("organic", "organic search", "search", "search engines", "natural search"),
    "AI assistant": ("ai", "ai assistants", "ai chat", "llm", "chatgpt", "copilot", "gemini", "claude", "perplexity"),
    "GOV.UK email": ("email", "e-mail", "govuk email", "gov.uk notify", "notify", "govdelivery", "newsletter"),
    "other government": ("government", "gov", "other gov", "other government site"),
    "social": ("social media", "social network", "social networks", "organic social", "social-media"),
    "referral": ("referrer", "referring site", "website", "websites", "external link", "link"),
    "paid": (
        "paid search",
        "cpc",
        "ppc",
        "cpm",
        "display",
        "paid social",
        "paid other",
        "advertising",
        "cross-network",
    ),
}


def _numbers(words: tuple[str, ...], synonyms: dict[str, tuple[str, ...]]) -> dict[str, int]:
    """Every known spelling, lower case -> the place of our word in `words`."""
    numbers = {word.lower(): number for number, word in enumerate(words)}
    return numbers | {other: words.index(word) for word, others in synonyms.items() for other in others}


WORDS: Final = {
    "device": (DEVICES, _numbers(DEVICES, DEVICE_WORDS)),
    "channel": (CHANNELS, _numbers(CHANNELS, CHANNEL_WORDS)),
}


def ours(values: pl.Series, column: str) -> pl.Series:
    """The place of our word for each value in data.contract's list for the column, UInt8."""
    words, numbers = WORDS[column]
    found = (numbers.get(value.strip().lower(), words.index("other")) for value in values.to_list())
    return pl.Series(values.name, found, pl.UInt8)
