"""How much may be done for one question about a funnel, so that none keeps a processor for long."""

from dataclasses import dataclass

from data import errors


@dataclass
class Work:
    """How many moves may still be made over all segments; one takes some 0.75 microseconds.

    `field` is what would make the funnel quicker, and `advice` says how.
    """

    left: int
    field: str = "steps"
    advice: str = "Choose fewer steps, or steps that fit fewer pages"

    def done(self, moves: int) -> None:
        """Count what is done. Raises `BadRequest` where it is too much."""
        self.left -= moves
        if self.left < 0:
            raise errors.BadRequest("This funnel takes too long", self.advice, self.field)
