"""How much of the estate is here, in which versions, and what departments report themselves."""
