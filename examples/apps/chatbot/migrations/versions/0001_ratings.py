"""Answers can be rated. The version before knows nothing of it and goes on."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "ratings",
        sa.Column("message_id", sa.BigInteger, primary_key=True),
        sa.Column("stars", sa.SmallInteger, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def downgrade() -> None:
    op.drop_table("ratings")
