"""How people arrived, from what analytics tools record of it, in the words of data.contract.CHANNELS."""

import re
from functools import lru_cache
from typing import Final

EMAIL: Final = re.compile(r"^e-?mail|newsletter")
EMAIL_SOURCE: Final = re.compile(r"govdelivery|govuk-?(?:email|notif)|gov\.?uk notify|^notify\b")
PAID: Final = re.compile(
    r"^(?:cp[acmv]|ppc|ppv|paid.*|retargeting|display|banner|expandable|interstitial|advert.*|.*\bads?)$"
)
SOCIAL: Final = re.compile(r"^(?:social|sm$)")
DIRECT: Final = frozenset({"(direct)", "direct"})
NO_MEDIUM: Final = frozenset({"", "(none)", "none"})
GOVERNMENT: Final = re.compile(r"(?:^|\.)gov\.(?:uk|scot|wales)$|^gov\.uk$|(?:^|\.)(?:nhs|parliament|police|mod)\.uk$")
HOST: Final = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//(?:[^/@?#]*@)?([^/:?#]+)", re.IGNORECASE)


def _sites(*names: str) -> re.Pattern[str]:
    """Finds hosts of these sites, with whatever stands before and, where the name has no dot, after it."""
    spelled = (re.escape(name) if "." in name else rf"{re.escape(name)}(?:\.[a-z.]+)?" for name in names)
    return re.compile(rf"(?:^|\.)(?:{'|'.join(spelled)})$")


ASSISTANTS: Final = _sites(
    "chatgpt", "chat.openai.com", "openai", "copilot.microsoft.com", "copilot.com", "copilot", "gemini.google.com",
    "gemini", "bard.google.com", "claude.ai", "claude", "anthropic.com", "perplexity", "poe.com", "you.com",
    "meta.ai", "deepseek", "chat.mistral.ai", "grok.com", "phind.com", "duck.ai",
)  # fmt: skip
ENGINES: Final = _sites(
    "google", "bing", "duckduckgo", "ecosia", "yandex", "baidu", "qwant", "startpage", "search.brave.com",
    "search.yahoo.com", "yahoo", "ask.com", "ask", "aol", "search.aol.com", "dogpile", "swisscows", "mojeek", "naver",
    "com.google.android.googlequicksearchbox", "cortana.search.microsoft.com",
)  # fmt: skip
NETWORKS: Final = _sites(
    "facebook", "fb.com", "fb.me", "twitter", "t.co", "x.com", "linkedin", "lnkd.in", "instagram", "youtube", "youtu.be",
    "reddit", "pinterest", "tiktok", "snapchat", "whatsapp", "threads.net", "mumsnet.com", "nextdoor", "tumblr",
    "quora.com", "bsky.app", "com.reddit.frontpage", "com.linkedin.android", "vk.com", "weibo",
)  # fmt: skip
MAILBOXES: Final = re.compile(r"^(?:web)?mail\.|^outlook\.|\.mail\.|^com\.google\.android\.gm$")


@lru_cache(maxsize=65_536)
def of_source(source: str | None, medium: str | None) -> str | None:
    """The channel of a campaign's source and medium; none where both are empty."""
    came, by = (source or "").strip().lower(), (medium or "").strip().lower()
    if not came and by in NO_MEDIUM:
        return None
    told = {
        "paid": PAID.match(by),
        "direct": came in DIRECT,
        "AI assistant": ASSISTANTS.search(came),
        "GOV.UK email": EMAIL.search(by) or EMAIL_SOURCE.search(came),
        "search engine": by == "organic",
        "social": SOCIAL.match(by),
    }
    named = next((channel for channel, found in told.items() if found), None) or _of_site(came)
    return named or ("referral" if by == "referral" or (by in NO_MEDIUM and "." in came) else "other")


@lru_cache(maxsize=65_536)
def of_host(host: str) -> str:
    """The channel of a site that people came from."""
    return "AI assistant" if ASSISTANTS.search(host) else _of_site(host) or "referral"


def _of_site(host: str) -> str | None:
    if MAILBOXES.search(host):
        return "referral"
    for channel, sites in (("search engine", ENGINES), ("social", NETWORKS), ("other government", GOVERNMENT)):
        if sites.search(host):
            return channel
    return None


def host_of(address: str | None) -> str | None:
    """The host of an address with a scheme, lower case."""
    found = HOST.match(address or "")
    return found[1].lower().rstrip(".") if found else None


def of_referrer(referrer: str | None, page: str | None) -> str | None:
    """The channel that a first page's referrer tells: none for a page of the same host, direct where there is none."""
    host = host_of(referrer)
    if host is None:
        return "direct"
    return None if host == host_of(page) else of_host(host)
