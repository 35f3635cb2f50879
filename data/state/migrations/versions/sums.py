"""The table of sums that outlive the journeys they were counted in."""

import sqlalchemy as sa
from alembic import op

revision = "sums"
down_revision = "made"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "sums",
        sa.Column("place", sa.String(64), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("sums")
