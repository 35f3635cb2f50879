"""What lets somebody in or follows them about: tokens, passwords, identifiers of clicks and sessions, email addresses.

Sources: OAuth 2.0 (RFC 6749), JSON Web Token (RFC 7519), the mail links of Devise, which the GOV.UK account uses; the
lists that Google, Matomo and PostHog keep of parameters that identify a click, a session or a browser; RFC 5322.
"""

from typing import Final

from data.clean.pattern import Pattern, anywhere, keyed

_PREFIX: Final = r"[a-z0-9_.\[\](-]{0,64}"  # user[password], oauth_token

_ENDINGS: Final = (
    r"token|password|passwd|passphrase|pwd|secret|api[_-]?key|access[_-]?key|signature|session[_-]?(?:id|key)?|jwt|otp"
    r"|saml(?:request|response)|passcode|csrf"
)
_KEYS: Final = r"code(?:_verifier|_challenge)?|state|nonce|ticket|assertion|auth|authorization|credentials?|sig|pin|pass|magic|hmac"
_CLICK_KEYS: Final = (
    r"[a-z_]{1,12}(?:cl|clk|click|click_)id|[gw]braid|gclsrc|gac|li_fat_id|igshi?d|rdt_cid|epik|sccid|_kx|s_kwcid|mc_[ce]id"
    r"|vero_(?:id|conv)|mkt_tok|oly_(?:anon|enc)_id|s_cid|__s|_?_hs[a-z]+|_openstat|cx_?id|ttc|twsrc"
)
_BROWSER_KEYS: Final = (
    r"_g[acl][a-z0-9_-]*|__utm[a-z]|_pk_[a-z]+[a-z0-9._-]*|pk_vid|_f?bp|_fbc|fb_(?:xd_fragment|comment_id)|php_?sess_?id|jsess?ionid"
    r"|aspsessionid[a-z]*|asp\.net_sessionid|sess(?:ion)?_?id|sid|cfid|cftoken|doing_wp_cron|(?:client|user|visitor|device)_?id"
    r"|fullvisitorid|user_pseudo_id|ga_session_id"
)
_JWT: Final = (
    r"(?:eyJ[A-Za-z0-9_-]{8,}|(?i:eyj)[A-Za-z0-9_-]{4,}[.][A-Za-z0-9_-]+)"
    r"(?:[.=+~A-Za-z0-9_-]*[A-Za-z0-9_=-])?"
)
_PARTS: Final = r"reset_password_token|unlock_token|confirmation_token|invitation_token|access_token|id_token"

KEYS: Final = rf"{_PREFIX}(?:{_ENDINGS})|{_KEYS}"
IDENTIFYING: Final = keyed("id", rf"{_CLICK_KEYS}|{_BROWSER_KEYS}", tag="id")
TOKENS: Final = (
    anywhere("token", r"(?i)(?-u:\b)bearer[ +]+[a-z0-9._~+/=-]{8,}"),
    anywhere("token", _JWT),
    Pattern("token", rf"(?i)([/\x{{e02f}}](?:{_PARTS})[/\x{{e02f}}])[^/ ]+", "${1}[token]"),
    anywhere("id", r"(?-u:\b)(?:GA|GS|fb)[0-9]?\.[0-9]{1,2}\.[0-9]{6,}(?:\.[0-9A-Za-z.]+)?"),
)

_START: Final = r"(^|[ =:/?&(<\[\"'\x{e02f}])"
_LOCAL: Final = r"[^ =/?&#+@:;,<>()\[\]\"\\|\x{e02f}\x{e03f}\x{e023}]"
_AT: Final = r"(?:@| ?[\[({] ?(?:at|@) ?[\])}] ?)"
_DOMAIN: Final = rf"{_LOCAL}*[^ -/:-@\[-`{{-~\x{{e02f}}\x{{e03f}}\x{{e023}}]"  # ends in a letter or digit

EMAIL: Final = (
    Pattern("email", rf"{_START}\"[^\"@]{{1,64}}\"{_AT}{_DOMAIN}", "${1}[email]"),
    # One plus sign is a sub-address (name+list@host); among several they stand for spaces, as in a query string.
    Pattern("email", rf"(?i){_START}{_LOCAL}+[+]{_LOCAL}+{_AT}{_DOMAIN}", "${1}[email]"),
    anywhere("email", rf"(?i){_LOCAL}+{_AT}{_DOMAIN}"),
)
