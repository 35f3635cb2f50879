"""The table of things that people make."""

import sqlalchemy as sa
from alembic import op

revision = "made"
down_revision = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "made",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("place", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("changed", sa.DateTime, nullable=False),
        sa.Column("deleted", sa.DateTime),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("kind", "place", name="one_place_each"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("made")
