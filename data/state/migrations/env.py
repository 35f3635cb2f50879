"""Run by Alembic for each command: the steps are taken on the connection that `data.state.engine` opened."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
