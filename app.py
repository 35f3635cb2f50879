"""The dashboard: `create(settings)` puts the pages, the API and the files behind the gate. Nothing else is here."""

from dash import Dash
from flask import Flask

from callbacks import failures, figures, gate, pages
from callbacks.api import api
from data.settings import Settings
from data.store import Estate


def create(settings: Settings, estate: Estate | None = None) -> Dash:
    """The application; `estate` stands for the one that the settings name, in tests."""
    server = Flask("estate", static_folder=None)
    server.config.update(SETTINGS=settings, ESTATE=estate or Estate.open(settings))
    gate.close(server)
    server.register_blueprint(api)
    pages.register_pages(server)
    app = figures.dashboard(server, pages.FIGURES, pages.SHELLS)
    server.config.update(DASHBOARD=app, SCRIPT_HASHES=gate.script_hashes(app))
    failures.register(server)
    return app
